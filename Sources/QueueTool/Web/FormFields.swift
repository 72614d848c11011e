internal import Hummingbird

/// The fields of a query or of a form (`application/x-www-form-urlencoded`).
///
/// Source: <https://url.spec.whatwg.org/#application/x-www-form-urlencoded>
struct FormFields: Sendable, Hashable {
    /// The field for a text that is looked for, which may be a number.
    static let text = "text"

    private(set) var pairs: [Pair] = []

    struct Pair: Sendable, Hashable {
        let name: String
        let value: String
    }

    init(_ encoded: some StringProtocol) {
        for part in encoded.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append(Pair(name: Self.decoded(sides[0]), value: sides.count > 1 ? Self.decoded(sides[1]) : ""))
        }
    }

    /// Pairs of names and values; those whose value is nil or empty are left out.
    init(_ pairs: KeyValuePairs<String, String?>) {
        for (name, value) in pairs {
            if let value, !value.isEmpty { self.pairs.append(Pair(name: name, value: value)) }
        }
    }

    /// The first value of that name; nil also when nothing was typed.
    subscript(name: String) -> String? {
        let value = pairs.first { $0.name == name }?.value
        return value?.isEmpty == true ? nil : value
    }

    /// The first value of that name as a place in a list; 0 when nothing was typed.
    func number(_ name: String) throws(HTTPError) -> Int {
        min(try value(name, "a whole number, 0 or more") { Int($0).flatMap { $0 >= 0 ? $0 : nil } } ?? 0, 1 << 40)
    }

    /// What the first value of that name stands for; nil when nothing was typed.
    ///
    /// - Parameter expected: What it has to be, for those who have typed something else.
    func value<Value>(
        _ name: String, _ expected: String, _ meaning: (String) -> Value?
    ) throws(HTTPError) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = meaning(text) else { throw HTTPError(.badRequest, message: "\(name): expected \(expected).") }
        return value
    }

    /// All values of that name.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Those that say something, but for the ones of that name.
    func filled(without name: String) -> FormFields {
        var rest = FormFields("")
        rest.pairs = pairs.filter { $0.name != name && !$0.value.isEmpty }
        return rest
    }

    mutating func append(_ name: String, _ value: String) { pairs.append(Pair(name: name, value: value)) }

    /// The fields as a query, question mark included.
    var query: String {
        pairs.isEmpty
            ? "" : "?" + pairs.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                if digits.count == 2, digits.allSatisfy(\.isHexDigit), let byte = UInt8(digits, radix: 16) {
                    bytes.append(byte)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
