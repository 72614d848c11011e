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

    /// The time between two starts in microseconds, 0 for no limit.
    static func interval(of limit: RateLimit?) -> Int {
        limit.map { max(1, $0.period.wholeMicroseconds / $0.count) } ?? 0
    }

    static func burst(of limit: RateLimit?) -> Int {
        limit?.burst ?? 1
    }
}
