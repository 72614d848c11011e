public import RedisClient

/// What a provider did with the messages of one day to numbers of one prefix, or to all numbers.
public struct DeliveryCounts: Sendable, Equatable {
    /// The provider.
    public let provider: String
    /// The calling code and three digits, such as `+86138`; nil: all numbers.
    public let prefix: String?
    /// Calls of the gateway.
    public private(set) var tried = 0
    /// Messages that it has taken.
    public private(set) var accepted = 0
    /// Messages that are reported to have reached the phone.
    public private(set) var delivered = 0
    /// Messages that are reported not to have.
    public private(set) var failed = 0
    /// Messages whose code came back.
    public private(set) var confirmed = 0
    /// How long calls took that were accepted, in sum, in milliseconds.
    public private(set) var acceptMilliseconds = 0
    /// How long messages took from acceptance to the phone, in sum, in milliseconds.
    public private(set) var deliveryMilliseconds = 0
    /// How long it took from the request to the right code, in sum, in milliseconds.
    public private(set) var codeMilliseconds = 0

    init(provider: String, prefix: String?) {
        (self.provider, self.prefix) = (provider, prefix)
    }

    /// What `deliveries.lua` names the counters.
    private static let counters: [String: any WritableKeyPath<DeliveryCounts, Int> & Sendable] = [
        "tried": \.tried, "accepted": \.accepted, "delivered": \.delivered, "failed": \.failed,
        "confirmed": \.confirmed, "accept_ms": \.acceptMilliseconds, "delivery_ms": \.deliveryMilliseconds,
        "code_ms": \.codeMilliseconds,
    ]

    mutating func add(_ amount: Int, to counter: some StringProtocol) {
        guard let counter = Self.counters[String(counter)] else { return }
        self[keyPath: counter] += amount
    }
}

extension DeliveryRecords {
    /// For how many days what providers did is kept.
    public static let daysKept = 8

    /// What those providers did with the messages of one day: of each that did anything first the sum, and then by
    /// prefix, the one with the most calls first.
    ///
    /// - Parameter day: The day, UTC, such as `2026-11-24`.
    /// - Throws: ``RedisError``.
    public func counts(of providers: [String], on day: String) async throws(RedisError) -> [DeliveryCounts] {
        let days = try await broker.send(providers.map { RedisCommand("HGETALL", DeliveryKeys.day($0, day)) })
        var counts: [DeliveryCounts] = []
        for (provider, fields) in zip(providers, days) {
            var all = DeliveryCounts(provider: provider, prefix: nil)
            var prefixes: [String: DeliveryCounts] = [:]
            for field in try fields.map {
                let name = try field.key.text
                guard let colon = name.lastIndex(of: ":") else { continue }
                let (prefix, counter, amount) = (
                    String(name[..<colon]), name[name.index(after: colon)...], try field.value.integer
                )
                all.add(amount, to: counter)
                prefixes[prefix, default: DeliveryCounts(provider: provider, prefix: prefix)].add(amount, to: counter)
            }
            guard !prefixes.isEmpty else { continue }
            counts.append(all)
            counts += prefixes.values.sorted { ($1.tried, $0.prefix ?? "") < ($0.tried, $1.prefix ?? "") }
        }
        return counts
    }
}
