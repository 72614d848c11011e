internal import RedisClient
internal import TaskQueue

/// How much is where, and how fast it changes.
struct StatisticsSample: Encodable, Sendable {
    let statistics: QueueStatistics
    /// By counter: its growth a second. Empty when nothing was measured.
    var rates: [String: Double] = [:]
    /// Over how many seconds the growth was measured.
    var measuredSeconds: Double?

    private enum CodingKeys: CodingKey { case rates, measuredSeconds }

    func encode(to encoder: any Encoder) throws {
        try statistics.encode(to: encoder)
        guard let measuredSeconds else { return }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rates, forKey: .rates)
        try container.encode(measuredSeconds, forKey: .measuredSeconds)
    }

    /// Looks twice, so much time apart.
    static func take(_ queue: QueueInspector, over time: Duration) async throws -> StatisticsSample {
        let first = try await queue.statistics()
        guard time > .zero else { return StatisticsSample(statistics: first) }
        let start = ContinuousClock.now
        try await Task.sleep(for: time)
        return StatisticsSample(
            try await queue.statistics(), since: first, start.duration(to: .now))
    }

    /// The same of several queues at once.
    static func take(_ queues: [QueueInspector], over time: Duration) async throws -> [StatisticsSample] {
        let first = try await statistics(of: queues)
        guard time > .zero else { return first.map(StatisticsSample.init(statistics:)) }
        let start = ContinuousClock.now
        try await Task.sleep(for: time)
        let second = try await statistics(of: queues)
        let measured = start.duration(to: .now)
        return zip(second, first).map { StatisticsSample($0, since: $1, measured) }
    }

    static func statistics(of queues: [QueueInspector]) async throws(RedisError) -> [QueueStatistics] {
        var all: [QueueStatistics] = []
        for queue in queues { all.append(try await queue.statistics()) }
        return all
    }

    init(statistics: QueueStatistics) {
        self.statistics = statistics
    }

    init(_ statistics: QueueStatistics, since earlier: QueueStatistics, _ time: Duration) {
        self.statistics = statistics
        rates = statistics.rates(since: earlier, over: time)
        measuredSeconds = time / .seconds(1)
    }
}
