/// A mobile number of the Chinese mainland, in the one spelling that keys and messages use.
///
/// Its description is masked: a number that is printed by accident stays private.
public struct MobileNumber: Sendable, Hashable, CustomStringConvertible {
    /// The eleven digits.
    public let canonical: String

    /// Reads `1[3-9][0-9]{9}` in ASCII digits; nil for everything else, such as full-width digits.
    public init?(mainland text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 11, digits[0] == UInt8(ascii: "1"),
            (UInt8(ascii: "3")...UInt8(ascii: "9")).contains(digits[1]),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        canonical = String(decoding: digits, as: UTF8.self)
    }

    /// The number with its middle hidden: `138****8000`.
    public var description: String {
        "\(canonical.prefix(3))****\(canonical.suffix(4))"
    }
}
