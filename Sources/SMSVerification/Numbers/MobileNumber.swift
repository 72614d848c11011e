/// A mobile number in the one spelling that keys and messages use.
///
/// It is made by ``NumberPlan``, which reads every usual spelling, or from text that is canonical already. Its
/// description is masked, and so is its mirror: a number that is printed or dumped by accident stays private.
public struct MobileNumber: Sendable, Hashable, SecretValue {
    /// Whose numbering plan the number belongs to.
    public let country: CountryCode
    /// The number as E.164 writes it: `+`, the calling code, the national number; no separators, no trunk prefix.
    ///
    /// Source: <https://www.itu.int/rec/T-REC-E.164>
    public let e164: String

    init(country: CountryCode, national: some StringProtocol) {
        self.country = country
        e164 = "+\(country.callingCode)\(national)"
    }

    /// Reads a number of the Chinese mainland, `1[3-9][0-9]{9}` in ASCII digits; nil for everything else, such as
    /// full-width digits.
    public init?(mainland text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 11, digits[0] == UInt8(ascii: "1"),
            (UInt8(ascii: "3")...UInt8(ascii: "9")).contains(digits[1]),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.init(country: .china, national: text)
    }

    /// Reads what ``canonical`` wrote, of any country that is known; nil for every other spelling.
    public init?(canonical text: some StringProtocol) {
        if let mainland = MobileNumber(mainland: text) {
            self = mainland
            return
        }
        guard let spelling = NumberSpelling(text), spelling.isInternational,
            let number = NumberingRule.international(spelling.digits), number.canonical == text
        else { return nil }
        self = number
    }

    /// What keys and messages call the number: the eleven digits of a mainland number, E.164 with `+` for all others.
    public var canonical: String { country == .china ? String(national) : e164 }

    /// What the number has in common with its 9,999 neighbours, for limits on whole ranges: E.164 without the last
    /// four digits.
    public var prefix: String { String(e164.dropLast(4)) }

    /// The number with its middle hidden: `138****8000`, and `+852****4567` for other countries.
    public var description: String {
        let head = country == .china ? String(national.prefix(3)) : "+\(country.callingCode)"
        return "\(head)****\(e164.suffix(4))"
    }

    private var national: Substring { e164.dropFirst(1 + country.callingCode.utf8.count) }
}
