/// A country or region whose mobile numbers can be read, by its ISO 3166-1 alpha-2 code.
public struct CountryCode: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The two letters, upper case: `CN`.
    public let text: String
    /// What E.164 puts before the national number, without `+`: `86`. Some countries share one.
    public let callingCode: String

    init(text: String, callingCode: String) {
        self.text = text
        self.callingCode = callingCode
    }

    /// Reads the two letters, in either case.
    ///
    /// - Throws: ``UnknownCountry`` when there is no rule for the country's numbers.
    public init(_ text: some StringProtocol) throws(UnknownCountry) {
        guard let rule = NumberingRule.byCountry[text.uppercased()] else { throw UnknownCountry(text: String(text)) }
        self = rule.country
    }

    /// The Chinese mainland.
    public static let china = CountryCode(text: "CN", callingCode: "86")

    /// All there are rules for, in the order of their codes.
    public static let known = NumberingRule.all.map(\.country).sorted()

    public static func < (left: CountryCode, right: CountryCode) -> Bool { left.text < right.text }

    public var description: String { text }
}

/// A country was named whose numbers cannot be read.
public struct UnknownCountry: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name as it was given.
    public var text: String

    /// Makes an error.
    public init(text: String) {
        self.text = text
    }

    public var description: String {
        let known = CountryCode.known.map(\.text).joined(separator: " ")
        return "'\(text)' is no country whose mobile numbers are known; known by ISO 3166-1 code: \(known)"
    }
}
