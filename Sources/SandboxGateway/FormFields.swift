internal import FoundationEssentials
internal import HTTPTypes
internal import NIOCore

/// The fields of a form body (`application/x-www-form-urlencoded`; WHATWG URL, section 5.1).
struct FormFields: Equatable {
    private let values: [String: String]

    /// No fields at all if the headers name another type of content: the vendors do not read it either.
    init(_ body: ByteBuffer, headers: HTTPFields) {
        let type = headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.trimmed == "application/x-www-form-urlencoded" else {
            values = [:]
            return
        }
        let pairs = String(buffer: body).split(separator: "&").compactMap { part -> (String, String)? in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(sides[0]), let value = Self.decoded(sides.count == 2 ? sides[1] : "") else {
                return nil
            }
            return (name, value)
        }
        values = Dictionary(pairs) { first, _ in first }
    }

    subscript(name: String) -> String? { values[name] }

    /// Nil if the bytes are no UTF-8. A percent sign that two hexadecimal digits do not follow stands for itself.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(hexadecimal: rest.prefix(2)) {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// Two digits of either case; `radix: 16` alone would let a sign through.
    fileprivate init?(hexadecimal digits: Substring.UTF8View) {
        guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-") else { return nil }
        self.init(Substring(digits), radix: 16)
    }
}

extension StringProtocol {
    /// Without the spaces and tabs at both ends.
    var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
