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
    /// How much waits on this worker's queues; one round trip, whatever their lengths.
    public func backlog() async throws(RedisError) -> Backlog {
        let lists = queues.flatMap(\.broker.keys.waiting)
        let replies = try await client.send(
            lists.flatMap { [RedisCommand("LLEN", $0), RedisCommand("LINDEX", $0, -1)] })
        var backlog = Backlog()
        for index in stride(from: 0, to: replies.count - 1, by: 2) {
            backlog.waiting += try replies[index].integer
            guard let next = try? replies[index + 1].bytes, let now = queues.first?.broker.clock.now,
                let age = WaitingTimes.age(of: next, at: now)
            else { continue }
            backlog.oldest = max(age, backlog.oldest ?? .zero)
        }
        return backlog
    }
}
