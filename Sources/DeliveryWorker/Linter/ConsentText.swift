internal import Operations
internal import SMSVerification

/// What people must have read before the first message is sent to them, where carriers want it. The page that asks for the
/// number has to say it: no message can.
///
/// Source: CTIA, Messaging Principles and Best Practices, 5.1 "Consumer Consent" (`https://www.ctia.org`).
enum ConsentText {
    /// Where it is wanted.
    private static let countries: Set<String> = ["US"]

    /// What to look at when codes are asked for from these countries; nil: nothing.
    static func advice(on countries: [CountryCode]) -> String? {
        let named = countries.map(\.text).filter(Self.countries.contains)
        guard !named.isEmpty else { return nil }
        return "\(Setting.countries.description.name) has \(named.joined(separator: ", ")): the page that asks for the "
            + "number must say beforehand what is sent, that message and data rates may apply, and that STOP ends it and "
            + "HELP helps"
    }
}
