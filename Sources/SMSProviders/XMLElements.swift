/// The texts of a small XML document's elements, by their path, such as `Response/Error/Code`.
///
/// Reads what gateways write: elements, text, comments and the predefined entities. A document that has anything else
/// in it, or whose tags do not match, is not read at all.
struct XMLElements {
    private var texts: [String: String] = [:]

    /// The text of the first element with this path.
    subscript(path: String) -> String? { texts[path] }

    /// Nil for what is not such a document.
    init?(_ document: String) {
        var rest = document[...]
        var open: [(name: Substring, text: String)] = []
        while let bracket = rest.firstIndex(of: "<") {
            guard Self.append(rest[..<bracket], to: &open) else { return nil }
            rest = rest[bracket...]
            if rest.hasPrefix("<?") {
                guard Self.take(through: "?>", from: &rest) != nil else { return nil }
            } else if rest.hasPrefix("<!--") {
                guard Self.take(through: "-->", from: &rest) != nil else { return nil }
            } else {
                guard let tag = Self.take(through: ">", from: &rest)?.dropFirst(), apply(tag, to: &open) else {
                    return nil
                }
            }
        }
        guard open.isEmpty, !texts.isEmpty, rest.allSatisfy(\.isWhitespace) else { return nil }
    }

    /// Opens or closes an element, or does both for `<name/>`. False for a tag that cannot stand here.
    private mutating func apply(_ tag: Substring, to open: inout [(name: Substring, text: String)]) -> Bool {
        if tag.hasPrefix("/") {
            let name = tag.dropFirst().prefix { !$0.isWhitespace }
            return close(name, &open)
        }
        let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
        guard let first = name.first, first.isLetter, !open.isEmpty || texts.isEmpty, open.count < 32 else {
            return false
        }
        open.append((name, ""))
        return tag.hasSuffix("/") ? close(name, &open) : true
    }

    private mutating func close(_ name: Substring, _ open: inout [(name: Substring, text: String)]) -> Bool {
        let path = open.map(\.name).joined(separator: "/")
        guard let element = open.popLast(), element.name == name else { return false }
        if texts[path] == nil { texts[path] = element.text }
        return true
    }

    /// Outside of all elements only white space may stand.
    private static func append(_ raw: Substring, to open: inout [(name: Substring, text: String)]) -> Bool {
        guard !open.isEmpty else { return raw.allSatisfy(\.isWhitespace) }
        var text = String(raw)
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            text = text.replacing(entity, with: character)
        }
        open[open.count - 1].text += text
        return true
    }

    /// Takes everything up to and without `end`, and drops `end` as well.
    private static func take(through end: String, from rest: inout Substring) -> Substring? {
        guard let range = rest.firstRange(of: end) else { return nil }
        defer { rest = rest[range.upperBound...] }
        return rest[..<range.lowerBound]
    }
}
