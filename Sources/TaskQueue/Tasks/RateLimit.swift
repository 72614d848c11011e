internal import RedisClient

/// How often a task may start, over all workers and queues: exact, counted in Redis by the generic cell rate algorithm.
///
/// Source: <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>
public struct RateLimit: Sendable, Hashable {
    /// How many starts.
    public var count: Int
    /// In how much time.
    public var period: Duration
    /// How many may start at once after a time of quiet. With 1 they are evenly spaced.
    public var burst: Int

    /// So many starts in that time, evenly spaced unless a burst is allowed. A count below 1 counts as 1.
    public init(_ count: Int, per period: Duration, burst: Int = 1) {
        self.count = max(1, count)
        self.period = period
        self.burst = max(1, burst)
    }

    /// As the scripts take it: the time between two starts in microseconds, 0 for no limit, and the burst.
    static func arguments(of limit: RateLimit?) -> [any RedisArgument] {
        guard let limit else { return [0, 1] }
        return [max(1, limit.period.wholeMicroseconds / limit.count), limit.burst]
    }
}
