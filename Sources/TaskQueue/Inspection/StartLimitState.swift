public import RedisClient

/// How far the limits of a task's starts are used.
public struct StartLimitState: Sendable, Hashable {
    /// The task's name.
    public var task: String
    /// How many of its messages wait in its line.
    public var waiting: Int
    /// When the next start of its rate is due, by the server's clock; nil without a rate limit that is in use.
    public var nextStart: WireTime?
}

extension QueueInspector {
    /// The tasks of the queue whose limits have made messages wait, sorted by name.
    public func startLimits() async throws(RedisError) -> [StartLimitState] {
        var limits: [StartLimitState] = []
        for reply in try await client.send(RedisCommand("SMEMBERS", keys.tasksWithLine)).array {
            let task = try reply.text
            let replies = try await client.send([
                RedisCommand("ZCARD", keys.line(of: task)), RedisCommand("GET", QueueKeys.rate(of: task)),
            ])
            limits.append(
                StartLimitState(
                    task: task, waiting: try replies[0].integer,
                    nextStart: (try? replies[1].optional?.integer).map { WireTime(microseconds: $0) }))
        }
        return limits.sorted { $0.task < $1.task }
    }
}
