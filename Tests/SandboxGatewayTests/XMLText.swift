import Foundation
import FoundationXML

/// The texts of an XML document's elements, by their paths.
final class XMLText: NSObject, XMLParserDelegate {
    struct Malformed: Error {}

    private var path: [String] = []
    private var texts: [String: String] = [:]

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { throw Malformed() }
    }

    subscript(path: String) -> String? { texts[path] }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        path.append(name)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        texts[path.joined(separator: "/"), default: ""] += text
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        path.removeLast()
    }
}
