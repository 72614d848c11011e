/// A piece of JSON text that was checked to be well-formed, looked into without building a tree.
///
/// What is not looked at costs nothing, and what is copied on is copied byte by byte, so that a message keeps what this
/// program does not know. Source: <https://www.rfc-editor.org/rfc/rfc8259>
struct JSONText: Sendable {
    /// The text, without white space around it.
    let bytes: ArraySlice<UInt8>

    /// Checks that the bytes are one JSON value.
    init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        var scanner = JSONScanner(bytes[...])
        self.bytes = try scanner.wholeText()
    }

    /// A piece of a text that was checked already.
    fileprivate init(checked bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// What the value is.
    enum Kind: Sendable { case object, array, string, number, boolean, null }

    var kind: Kind {
        switch bytes.first {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// The members of an object in their order. Of equal names the last one counts, as in Python. Empty for other kinds.
    var members: [(name: String, value: JSONText)] {
        guard kind == .object else { return [] }
        var scanner = JSONScanner(bytes.dropFirst())
        var members: [(name: String, value: JSONText)] = []
        while let nameText = scanner.nextChecked(), let value = scanner.nextChecked() {
            members.append((JSONText(checked: nameText).string ?? "", JSONText(checked: value)))
        }
        return members
    }

    /// The elements of an array. Empty for other kinds.
    var elements: [JSONText] {
        guard kind == .array else { return [] }
        var scanner = JSONScanner(bytes.dropFirst())
        var elements: [JSONText] = []
        while let element = scanner.nextChecked() { elements.append(JSONText(checked: element)) }
        return elements
    }

    /// The value of a member of an object, nil when there is none.
    subscript(name: String) -> JSONText? {
        members.last { $0.name == name }?.value
    }

    /// The text of a string; nil for other kinds. A lone surrogate becomes the replacement character.
    var string: String? {
        guard kind == .string else { return nil }
        let content = bytes.dropFirst().dropLast()
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        return Self.unescape(content)
    }

    /// The number, when it is a whole one that fits.
    var integer: Int? {
        kind == .number ? Int(String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// The truth value; nil for other kinds.
    var boolean: Bool? {
        kind == .boolean ? bytes.first == UInt8(ascii: "t") : nil
    }

    /// The same object with these members set to these JSON texts: replaced in place, or added at the end.
    func setting(_ changes: [(name: String, value: [UInt8])]) -> [UInt8] {
        var object = JSONObjectWriter()
        for (name, value) in members {
            let change = changes.last { $0.name == name }
            object.add(name, json: change?.value[...] ?? value.bytes)
        }
        let known = Set(members.map(\.name))
        for (name, value) in changes where !known.contains(name) { object.add(name, json: value[...]) }
        return object.finished()
    }

    private static func unescape(_ content: ArraySlice<UInt8>) -> String {
        var units: [UInt16] = []
        var utf8: [UInt8] = []
        var index = content.startIndex
        func flush() {
            guard !units.isEmpty else { return }
            utf8.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            units.removeAll(keepingCapacity: true)
        }
        while index < content.endIndex {
            guard content[index] == UInt8(ascii: "\\") else {
                flush()
                utf8.append(content[index])
                index += 1
                continue
            }
            let escaped = content[index + 1]
            index += 2
            switch escaped {
            case UInt8(ascii: "u"):
                let digits = String(decoding: content[index..<index + 4], as: UTF8.self)
                units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
                index += 4
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            default: units.append(UInt16(escaped))
            }
        }
        flush()
        return String(decoding: utf8, as: UTF8.self)
    }
}
