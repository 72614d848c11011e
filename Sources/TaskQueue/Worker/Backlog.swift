public import RedisClient

/// What waits on the queues that a worker takes messages from.
public struct Backlog: Sendable, Hashable {
    /// How many messages wait.
    public var waiting = 0
    /// For how long the oldest one has waited, of those that are next in their lines. Nil when none waits that says when it
    /// was sent, as those of Celery do not.
    public var oldest: Duration?
}

extension TaskWorker {
    /// How much waits on this worker's queues, in one round trip, whatever their number and lengths.
    public func backlog() async throws(RedisError) -> Backlog {
        let lists = queues.flatMap(\.broker.keys.waiting)
        let replies = try await client.send(
            [RedisCommand("TIME")] + lists.map { RedisCommand("LLEN", $0) }
                + lists.map { RedisCommand("LRANGE", $0, -WaitingHead.size, -1) })
        let now = try replies[0].serverTime
        var backlog = Backlog()
        for length in replies.dropFirst().prefix(lists.count) { backlog.waiting += try length.integer }
        for head in replies.suffix(lists.count) {
            guard let oldest = try WaitingHead.oldest(of: head.array, at: now) else { continue }
            backlog.oldest = max(oldest, backlog.oldest ?? .zero)
        }
        return backlog
    }
}
