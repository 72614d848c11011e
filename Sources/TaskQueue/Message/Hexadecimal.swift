/// Lower-case hexadecimal digits.
package enum Hexadecimal {
    /// A number in at least so many digits.
    package static func text(_ number: UInt64, digits count: Int = 16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// Two digits a byte.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { text(UInt64($0), digits: 2) }.joined()
    }

    /// What two digits a byte stand for; nil for other text.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap(digit)
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// What one digit stands for.
    static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 87
        default: nil
        }
    }
}
