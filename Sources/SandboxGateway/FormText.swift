/// Fields as a form body and a query write them (`application/x-www-form-urlencoded`; WHATWG URL, section 5.1).
enum FormText {
    /// What a percent sign means that two hexadecimal digits do not follow: vendors differ in that.
    enum StrayPercent {
        case standsForItself
        case isRefused
    }

    struct Field {
        var name: String
        var value: String
    }

    /// The fields in order; nil in place of one that cannot be read.
    static func fields(in text: String, strayPercent: StrayPercent) -> [Field?] {
        text.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(sides[0], strayPercent),
                let value = decoded(sides.count == 2 ? sides[1] : "", strayPercent)
            else { return nil }
            return Field(name: name, value: value)
        }
    }

    /// A value with all but the unreserved characters of RFC 3986 percent-encoded.
    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%" + CollectionOfOne(byte).hexadecimal.uppercased()
            }
        }
    }

    /// Nil if the bytes are no UTF-8.
    private static func decoded(_ text: Substring, _ strayPercent: StrayPercent) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            if let value = value(ofDigits: rest.prefix(2)) {
                bytes.append(value)
                rest.removeFirst(2)
            } else if strayPercent == .standsForItself {
                bytes.append(byte)
            } else {
                return nil
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The value of two hexadecimal digits, of either case; nil for anything else.
    private static func value(ofDigits digits: Substring.UTF8View) -> UInt8? {
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return values.count == 2 ? UInt8(values[0] << 4 | values[1]) : nil
    }
}
