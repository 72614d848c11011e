public import RedisClient
internal import TaskQueue

/// How many messages a limit of all messages, or of those to one country, counts just now.
public struct LimitUse: Sendable, Hashable {
    /// The limit.
    public let limit: SendLimit
    /// The country code, such as `86`; nil: all messages.
    public let country: String?
    /// How many it counts.
    public let count: Int
}

/// How much of a prefix' credit is in use.
public struct CreditUse: Sendable, Hashable {
    /// The numbers without their last four digits, or where Redis is not to know them what stands for them there.
    public let prefix: String
    /// How many sends are unresolved.
    public let unresolved: Int
    /// With more than these, both proofs are wanted.
    public let window: Int
    /// With so many, nothing is sent.
    public let refusal: Int
}

extension SendLimiter {
    /// So many prefixes are looked at in one step.
    private static let creditPage = 500

    /// Reads the counted limits of the table in force that concern all messages, and those of the countries to which
    /// there were any.
    ///
    /// - Throws: ``RedisError``.
    public func limitUses() async throws(RedisError) -> [LimitUse] {
        let present = presentRules
        let countries = Set(CountryCode.known.map(\.callingCode)).sorted()
        var uses: [LimitUse] = []
        for (index, reply) in try await self.uses(by: present, ofCountries: countries).enumerated() {
            let country = index == 0 ? nil : countries[index - 1]
            let counts = try reply.array.map { (value) throws(RedisError) in try value.integer }
            guard country == nil || counts.contains(where: { $0 > 0 }) else { continue }
            for (limit, count) in zip(present.rules.table.limits(of: country == nil ? .total : .country), counts) {
                uses.append(LimitUse(limit: limit, country: country, count: count))
            }
        }
        return uses
    }

    /// The prefixes with credit that is kept. All keys of the store are looked at, a thousand at a time.
    ///
    /// - Throws: ``RedisError``.
    public func creditPrefixes() async throws(RedisError) -> [String] {
        let beginning = ChargeBlock.creditKey(prefix: "")
        var prefixes: [String] = []
        try await store.scanKeys(matching: "\(beginning)*") { prefixes.append(String($0.dropFirst(beginning.count))) }
        return prefixes
    }

    /// Reads the credit of those prefixes whose window is used up, the worst first.
    ///
    /// - Throws: ``RedisError``.
    public func creditUnderPressure(of prefixes: [String]) async throws(RedisError) -> [CreditUse] {
        let present = presentRules
        let multiple = present.rules.table.credit.refusalMultiple
        var uses: [CreditUse] = []
        var rest = prefixes[...]
        while !rest.isEmpty {
            let page = rest.prefix(Self.creditPage)
            rest = rest.dropFirst(Self.creditPage)
            for (prefix, reply) in zip(page, try await self.uses(by: present, ofPrefixes: Array(page)).dropFirst()) {
                let (unresolved, window) = (try reply.array[0].integer, try reply.array[1].integer)
                guard unresolved >= window else { continue }
                uses.append(
                    CreditUse(
                        prefix: prefix, unresolved: unresolved, window: window, refusal: window * multiple))
            }
        }
        return uses.sorted { ($1.unresolved * $0.refusal, $0.prefix) < ($0.unresolved * $1.refusal, $1.prefix) }
    }

    private func uses(
        by present: (rules: LimitRules, now: String), ofCountries countries: [String] = [],
        ofPrefixes prefixes: [String] = []
    ) async throws(RedisError) -> [RESPValue] {
        try await store.run(
            present.rules.scripts.uses,
            keys: [ChargeBlock.totalKey] + countries.map(ChargeBlock.countryKey)
                + prefixes.map { ChargeBlock.creditKey(prefix: $0) },
            arguments: [present.now, countries.count]
        ).array
    }
}
