/// A piece of JSON text that was checked to be well-formed, looked into without building a tree.
///
/// What is not looked at costs nothing, and what is copied on is copied byte by byte, so that a message keeps what this
/// program does not know. Source: <https://www.rfc-editor.org/rfc/rfc8259>
struct JSONText: Sendable {
    /// The text, without white space around it.
    let bytes: ArraySlice<UInt8>

    /// Checks that the bytes are one JSON value.
    init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        let range = try bytes.withUnsafeBufferPointer { buffer throws(JSONSyntaxError) in
            var scanner = JSONScanner(buffer)
            return try scanner.wholeText()
        }
        self.bytes = bytes[range]
    }

    /// Checks that the bytes are one JSON value, and if that is an object, visits its members at the same time.
    static func checking(
        _ bytes: [UInt8], visit: (_ name: JSONName, _ value: JSONText) -> Void
    ) throws(JSONSyntaxError) -> JSONText {
        let range = try bytes.withUnsafeBufferPointer { buffer throws(JSONSyntaxError) in
            var scanner = JSONScanner(buffer)
            return try scanner.wholeText { name, value in
                visit(
                    JSONName(bytes: UnsafeBufferPointer(rebasing: buffer[name])),
                    JSONText(checked: bytes[value]))
            }
        }
        return JSONText(checked: bytes[range])
    }

    /// A piece of a text that was checked already.
    private init(checked bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// `{}`
    static let emptyObject = JSONText(checked: Array("{}".utf8)[...])

    /// The text of an array of these JSON texts.
    static func array(of values: [ArraySlice<UInt8>]) -> [UInt8] {
        Array("[".utf8) + values.joined(separator: ",".utf8) + Array("]".utf8)
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

    /// Visits the members of an object in their order; nothing for other kinds.
    func forEachMember(_ visit: (_ name: JSONName, _ value: JSONText) -> Void) {
        guard kind == .object else { return }
        let start = bytes.startIndex
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            try? scanner.members { name, value in
                visit(
                    JSONName(bytes: UnsafeBufferPointer(rebasing: buffer[name])),
                    JSONText(checked: bytes[start + value.lowerBound..<start + value.upperBound]))
            }
        }
    }

    /// The members of an object in their order. Of equal names the last one counts, as in Python. Empty for other kinds.
    var members: [(name: String, value: JSONText)] {
        var members: [(name: String, value: JSONText)] = []
        forEachMember { members.append(($0.text, $1)) }
        return members
    }

    /// The elements of an array. Empty for other kinds.
    var elements: [JSONText] {
        guard kind == .array else { return [] }
        let start = bytes.startIndex
        var elements: [JSONText] = []
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(buffer)
            try? scanner.elements { element in
                elements.append(
                    JSONText(checked: bytes[start + element.lowerBound..<start + element.upperBound]))
            }
        }
        return elements
    }

    /// The value of a member of an object, nil when there is none.
    subscript(name: String) -> JSONText? {
        var found: JSONText?
        forEachMember { if $0 == name { found = $1 } }
        return found
    }

    /// The text of a string; nil for other kinds. A lone surrogate becomes the replacement character.
    var string: String? {
        guard kind == .string else { return nil }
        return bytes.withUnsafeBufferPointer {
            JSONString.text(of: UnsafeBufferPointer(rebasing: $0.dropFirst().dropLast()))
        }
    }

    /// The UTF-8 bytes of a string's text; nil for other kinds.
    var stringBytes: [UInt8]? {
        guard kind == .string else { return nil }
        return bytes.withUnsafeBufferPointer {
            JSONString.unescaped(UnsafeBufferPointer(rebasing: $0.dropFirst().dropLast()))
        }
    }

    /// The number, when it is a whole one that fits.
    var integer: Int? { integer(Int.self) }

    /// The number, when it is a whole one that fits.
    func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        guard kind == .number else { return nil }
        // The common ones without a String.
        if bytes.count == 1, let digit = bytes.first { return Number(digit) - 48 }
        return Number(String(decoding: bytes, as: UTF8.self))
    }

    /// The number, in binary floating point; nil for other kinds.
    var double: Double? {
        kind == .number ? Double(String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// The truth value; nil for other kinds.
    var boolean: Bool? {
        kind == .boolean ? bytes.first == UInt8(ascii: "t") : nil
    }

    /// The same object with these members set to these JSON texts: replaced in place, or added at the end.
    func setting(_ changes: [(name: String, value: [UInt8])]) -> [UInt8] {
        var object = JSONObjectWriter()
        var known: Set<String> = []
        for (name, value) in members {
            known.insert(name)
            let change = changes.last { $0.name == name }
            object.add(name, json: change?.value[...] ?? value.bytes)
        }
        for (name, value) in changes where !known.contains(name) { object.add(name, json: value[...]) }
        return object.finished()
    }
}

/// The name of a member while its object is walked over: compared without making a string of it.
struct JSONName {
    /// The bytes between the quotes.
    fileprivate let bytes: UnsafeBufferPointer<UInt8>

    var text: String {
        bytes.contains(UInt8(ascii: "\\"))
            ? JSONString.text(of: bytes) : String(decoding: bytes, as: UTF8.self)
    }

    @inline(__always)
    static func == (name: JSONName, other: StaticString) -> Bool {
        let count = other.utf8CodeUnitCount
        if name.bytes.count == count {
            var index = 0
            while index < count, name.bytes[index] == other.utf8Start[index] { index += 1 }
            if index == count { return true }
        }
        return name.bytes.count > count && name.bytes.contains(UInt8(ascii: "\\")) && name.text == "\(other)"
    }

    static func == (name: JSONName, other: String) -> Bool {
        name.bytes.count == other.utf8.count && name.bytes.elementsEqual(other.utf8)
            || name.bytes.contains(UInt8(ascii: "\\")) && name.text == other
    }

    static func ~= (other: StaticString, name: JSONName) -> Bool { name == other }
}
