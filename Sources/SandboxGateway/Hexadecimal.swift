extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * underestimatedCount)
        for byte in self {
            digits.append((byte >> 4).hexadecimalDigit)
            digits.append((byte & 15).hexadecimalDigit)
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension UInt128 {
    /// All 32 lower-case digits.
    var hexadecimal: String {
        String(unsafeUninitializedCapacity: 32) { digits in
            for place in 0..<32 {
                digits[place] = UInt8(truncatingIfNeeded: self >> (124 - 4 * UInt128(place)) & 15).hexadecimalDigit
            }
            return 32
        }
    }
}

extension UInt8 {
    /// The lower-case digit, in ASCII, for a number below 16.
    fileprivate var hexadecimalDigit: UInt8 {
        self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "a") - 10 + self
    }
}
