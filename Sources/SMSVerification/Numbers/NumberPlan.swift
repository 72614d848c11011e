/// Why a text is not a number to send to.
public enum NumberRefusal: String, Error, Sendable, CaseIterable {
    /// The text is no spelling of a number: other characters than ASCII digits and separators, or none at all.
    case unreadable
    /// The number belongs to a country that is not served.
    case countryNotAllowed = "country_not_allowed"
    /// No mobile number of its country: a landline, premium rate, shared cost, a satellite phone, a pager, a range
    /// that nobody uses, or a wrong count of digits.
    case notMobile = "not_mobile"
}

/// The countries that are served, and how their mobile numbers are written.
///
/// Numbers are read by a strict table of rules of our own. Google's libphonenumber would know every country, but it is
/// C++ and brings its runtime, Abseil, Protocol Buffers and ICU into the image; it accepts letters and the digits of
/// every script; and its metadata allow more than a service should send to unasked. The table knows some eighty
/// countries and refuses what it does not know: somebody who opens a country does so by name.
public struct NumberPlan: Sendable, Hashable {
    /// The country of numbers that are written without a calling code.
    public let home: CountryCode
    /// The countries that are served, the home country first.
    public let countries: [CountryCode]

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - home: The country of numbers that are written without a calling code.
    ///   - others: The other countries that are served.
    public init(home: CountryCode = .china, others: [CountryCode] = []) {
        self.home = home
        countries = others.reduce(into: [home]) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Reads ISO codes with commas between them, the home country first: `CN,HK,SG`.
    ///
    /// - Throws: ``UnknownCountry`` for the first code that there is no rule for, and for an empty list.
    public init(_ list: some StringProtocol) throws(UnknownCountry) {
        var countries = [CountryCode]()
        for code in list.split(separator: ",", omittingEmptySubsequences: false) {
            try countries.append(CountryCode(String(code.filter { $0 != " " })))
        }
        guard let home = countries.first else { throw UnknownCountry(text: String(list)) }
        self.init(home: home, others: Array(countries.dropFirst()))
    }

    /// Reads a number in any usual spelling. All spellings of a number give equal values.
    ///
    /// Understood are `+86 138 0013 8000`, `0086…`, the national number with or without the country's trunk prefix
    /// (`07…`), a trunk prefix after the calling code (`+44 (0)7…`), and spaces, hyphens, full stops and parentheses
    /// anywhere. Without `+` or `00` the digits are the home country's: a national number if there is such a mobile
    /// number, otherwise its calling code and a national number (`8613800138000`). The two readings cannot meet, since
    /// they differ in length or first digits; the calling codes of other countries are not guessed at, for there they
    /// can (`13802138000` is a mainland number, and would be one of the United States).
    ///
    /// - Parameters:
    ///   - text: The number as somebody wrote it.
    ///   - country: The country that the writer chose, in place of the home country.
    /// - Throws: ``NumberRefusal``.
    public func read(
        _ text: some StringProtocol, in country: CountryCode? = nil
    ) throws(NumberRefusal) -> MobileNumber {
        guard let spelling = NumberSpelling(text) else { throw .unreadable }
        if spelling.isInternational { return try international(spelling.digits) }
        let home = country ?? home
        guard countries.contains(home), let rule = NumberingRule.byCountry[home.text] else { throw .countryNotAllowed }
        guard let number = rule.national(spelling.digits) ?? rule.international(spelling.digits) else {
            throw .notMobile
        }
        return number
    }

    private func international(_ digits: String) throws(NumberRefusal) -> MobileNumber {
        if let number = NumberingRule.international(digits) {
            guard countries.contains(number.country) else { throw .countryNotAllowed }
            return number
        }
        throw countries.contains { digits.hasPrefix($0.callingCode) } ? .notMobile : .countryNotAllowed
    }
}
