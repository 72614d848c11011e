/// Writes one JSON object, member by member.
package struct JSONObjectWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    package init() {
        bytes.reserveCapacity(512)
    }

    /// Adds a member whose value is JSON text already.
    package mutating func add(_ name: String, json: some Collection<UInt8>) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONString.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: json)
    }

    /// Adds a text, or null.
    package mutating func add(_ name: String, _ text: String?) {
        add(name, json: text.map(JSONString.encode) ?? Array("null".utf8))
    }

    /// Adds a whole number.
    package mutating func add(_ name: String, _ number: Int) {
        add(name, json: String(number).utf8)
    }

    /// The object's text.
    package func finished() -> [UInt8] {
        bytes + [UInt8(ascii: "}")]
    }
}

/// Strings as JSON writes them; non-ASCII text stays as it is, so that people can read it in Redis.
package enum JSONString {
    /// The string with quotes and escapes.
    package static func encode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        append(text.utf8, to: &bytes)
    }

    /// Bytes that are UTF-8 text, as a JSON string.
    static func append(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexadecimal[Int(byte >> 4)])
                bytes.append(hexadecimal[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
