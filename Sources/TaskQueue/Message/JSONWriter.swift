/// Writes one JSON object, member by member.
package struct JSONObjectWriter {
    private var bytes: [UInt8] = []
    private var isEmpty = true

    package init() {
        bytes.reserveCapacity(512)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Adds a member whose value is JSON text already.
    package mutating func add(_ name: StaticString, json: some Collection<UInt8>) {
        begin(name)
        bytes.append(contentsOf: json)
    }

    /// Adds a member whose value is JSON text already.
    package mutating func add(_ name: String, json: some Collection<UInt8>) {
        separate()
        JSONString.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: json)
    }

    /// Adds a text, or null.
    package mutating func add(_ name: StaticString, _ text: String?) {
        begin(name)
        guard let text else { return bytes.append(contentsOf: "null".utf8) }
        JSONString.append(text, to: &bytes)
    }

    /// Adds a whole number.
    package mutating func add(_ name: StaticString, _ number: Int) {
        begin(name)
        var number = String(number)
        number.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Adds a truth value.
    package mutating func add(_ name: StaticString, _ value: Bool) {
        add(name, json: value ? "true".utf8 : "false".utf8)
    }

    /// Adds JSON text as a string, in which its quotes are escaped.
    mutating func add(_ name: StaticString, quoting pieces: [UInt8]...) {
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        for piece in pieces { JSONString.appendEscaped(piece, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds an object that the closure fills.
    mutating func addObject(_ name: StaticString, _ fill: (inout JSONObjectWriter) -> Void) {
        begin(name)
        bytes.append(UInt8(ascii: "{"))
        isEmpty = true
        fill(&self)
        bytes.append(UInt8(ascii: "}"))
        isEmpty = false
    }

    /// The object's text.
    package consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// A name of this program's own, which needs no escapes.
    private mutating func begin(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
    }

    private mutating func separate() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
    }
}
