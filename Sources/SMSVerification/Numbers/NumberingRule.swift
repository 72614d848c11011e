/// How the mobile numbers of one country are written.
struct NumberingRule: Sendable {
    let country: CountryCode
    /// What is dialled before a national number at home, and often written after the calling code though it does not
    /// belong there. No mobile number begins with it.
    let trunkPrefixes: [String]
    let mobileRanges: [MobileRange]

    /// Makes a rule. `trunk` may name several prefixes with spaces between them.
    init(_ country: String, _ callingCode: String, trunk: String = "", _ mobileRanges: MobileRange...) {
        self.country = CountryCode(text: country, callingCode: callingCode)
        trunkPrefixes = trunk.split(separator: " ").map(String.init)
        self.mobileRanges = mobileRanges
    }

    /// Reads a national number with or without a trunk prefix.
    func national(_ digits: some StringProtocol) -> MobileNumber? {
        if isMobile(digits) { return MobileNumber(country: country, national: digits) }
        for prefix in trunkPrefixes where digits.hasPrefix(prefix) {
            let rest = digits.dropFirst(prefix.utf8.count)
            if isMobile(rest) { return MobileNumber(country: country, national: rest) }
        }
        return nil
    }

    /// Reads a calling code and a national number.
    func international(_ digits: String) -> MobileNumber? {
        guard digits.hasPrefix(country.callingCode) else { return nil }
        return national(digits.dropFirst(country.callingCode.utf8.count))
    }

    private func isMobile(_ digits: some StringProtocol) -> Bool {
        mobileRanges.contains { $0.contains(digits) }
    }
}

extension NumberingRule {
    /// The rule of each country, by its code.
    static let byCountry = Dictionary(all.map { ($0.country.text, $0) }) { first, _ in first }

    private static let byCallingCode = Dictionary(grouping: all, by: \.country.callingCode)

    /// Reads a calling code and a national number of any country that is known.
    static func international(_ digits: String) -> MobileNumber? {
        // No calling code is the beginning of another.
        for length in 1...3 {
            guard let rules = byCallingCode[String(digits.prefix(length))] else { continue }
            return rules.lazy.compactMap { $0.international(digits) }.first
        }
        return nil
    }
}

/// National numbers of one length (or few) that begin alike.
struct MobileRange: Sendable {
    private let lengths: ClosedRange<Int>
    private let leads: [Lead]
    private let followers: [Lead]

    /// Numbers of as many digits as `lengths` says.
    ///
    /// - Parameters:
    ///   - leads: The first digits, single or as ranges: `44 46-47 901-989`.
    ///   - followers: What the digits after those may be, in the same notation; empty: anything.
    static func digits(_ lengths: ClosedRange<Int>, _ leads: String, then followers: String = "") -> MobileRange {
        MobileRange(lengths: lengths, leads: Lead.list(leads), followers: Lead.list(followers))
    }

    /// Numbers of `length` digits.
    static func digits(_ length: Int, _ leads: String, then followers: String = "") -> MobileRange {
        digits(length...length, leads, then: followers)
    }

    func contains(_ digits: some StringProtocol) -> Bool {
        guard lengths.contains(digits.utf8.count), let lead = leads.first(where: { $0.begins(digits) }) else {
            return false
        }
        let rest = digits.dropFirst(lead.length)
        return followers.isEmpty || followers.contains { $0.begins(rest) }
    }
}

/// First digits from one to another of the same length.
private struct Lead: Sendable {
    let lowest: String
    let highest: String

    var length: Int { lowest.utf8.count }

    static func list(_ text: String) -> [Lead] {
        text.split(separator: " ").map { word in
            let bounds = word.split(separator: "-")
            return Lead(lowest: String(bounds.first ?? word), highest: String(bounds.last ?? word))
        }
    }

    func begins(_ digits: some StringProtocol) -> Bool {
        // Digits of equal count are in the order of their numbers.
        let lead = String(digits.prefix(length))
        return lowest <= lead && lead <= highest
    }
}
