public import RedisClient

/// What waits on the queues that a worker takes messages from.
public struct Backlog: Sendable, Hashable {
    /// How many messages wait.
    public var waiting = 0
    /// How long ago the oldest one was sent, of those that are next in their lines. Nil when none waits, or when it cannot
    /// be told: a message does not say when it was sent, only when it expires, and that helps only where its task has a
    /// ``TaskOptions/expires``.
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
            guard let next = try? replies[index + 1].bytes, let age = age(of: next) else { continue }
            backlog.oldest = max(age, backlog.oldest ?? .zero)
        }
        return backlog
    }

    private func age(of raw: [UInt8]) -> Duration? {
        guard let message = try? TaskMessage(raw), let expires = message.expires,
            let life = registry[message.task]?.options.expires, let now = queues.first?.broker.clock.now
        else { return nil }
        let age = life - .milliseconds(expires.milliseconds - now.milliseconds)
        return age >= .zero && age <= life ? age : nil
    }
}
