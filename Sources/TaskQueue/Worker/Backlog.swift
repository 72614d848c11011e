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
    /// How much waits on this worker's queues; one round trip for each of them, whatever their lengths.
    public func backlog() async throws(RedisError) -> Backlog {
        var backlog = Backlog()
        for queue in queues {
            let statistics = try await QueueInspector(client: client, queue: queue.name).statistics()
            backlog.waiting += statistics.allWaiting
            guard let age = statistics.oldestWaitingSeconds else { continue }
            backlog.oldest = max(.seconds(age), backlog.oldest ?? .zero)
        }
        return backlog
    }
}
