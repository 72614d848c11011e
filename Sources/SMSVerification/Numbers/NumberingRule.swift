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
    let lengths: ClosedRange<Int>
    let leads: [Lead]
    /// What the digits after a lead may be; empty: anything.
    let followers: [Lead]

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
        let count = digits.utf8.count
        guard lengths.contains(count), let number = Int(digits),
            let lead = leads.first(where: { $0.begins(number, of: count) })
        else { return false }
        let rest = count - lead.length
        return followers.isEmpty || followers.contains { $0.begins(number % Lead.powerOfTen(rest), of: rest) }
    }
}

/// First digits from one to another of the same length. None begins with zero. What is no number begins nothing.
struct Lead: Sendable {
    let length: Int
    let lowest: Int
    let highest: Int

    private init(_ text: Substring) {
        let bounds = text.split(separator: "-")
        length = bounds.first?.utf8.count ?? 0
        lowest = bounds.first.flatMap { Int($0) } ?? -1
        highest = bounds.last.flatMap { Int($0) } ?? -1
    }

    static func list(_ text: String) -> [Lead] { text.split(separator: " ").map(Lead.init) }

    static func powerOfTen(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// Whether a number of `count` digits, leading zeros among them, begins so.
    func begins(_ number: Int, of count: Int) -> Bool {
        guard count >= length else { return false }
        let lead = number / Self.powerOfTen(count - length)
        return lowest <= lead && lead <= highest
    }
}
