public import RedisClient

/// Looks into a queue and mends it, from outside.
public struct QueueInspector: Sendable {
    private let client: RedisClient
    private let keys: QueueKeys
    /// The messages that failed for good.
    public let deadLetters: DeadLetters

    /// An inspector of the queue of that name.
    public init(client: RedisClient, queue: String) {
        self.client = client
        keys = QueueKeys(queue: queue)
        deadLetters = DeadLetters(client: client, keys: keys)
    }

    /// The queue's name.
    public var queue: String { keys.queue }

    /// How much is where.
    public func statistics() async throws(RedisError) -> QueueStatistics {
        let lengths = keys.waiting.map { RedisCommand("LLEN", $0) }
        let replies = try await client.send(
            lengths + [
                RedisCommand("ZCARD", keys.scheduled), RedisCommand("ZCARD", keys.dead),
                RedisCommand("EXISTS", keys.paused), RedisCommand("HGETALL", keys.statistics),
                RedisCommand("ZRANGE", keys.workers, 0, -1), RedisCommand("SMEMBERS", keys.tasksWithLine),
            ])
        var statistics = QueueStatistics(queue: keys.queue)
        for (band, reply) in zip(PriorityBand.allCases, replies) {
            statistics.waiting[String(band.rawValue)] = try reply.integer
        }
        let rest = Array(replies.dropFirst(lengths.count))
        statistics.scheduled = try rest[0].integer
        statistics.dead = try rest[1].integer
        statistics.isPaused = try rest[2].integer == 1
        for counter in try rest[3].map { statistics.counters[try counter.key.text] = try counter.value.integer }
        for worker in try rest[4].array {
            let name = try worker.text
            let held = try await client.send([
                RedisCommand("HKEYS", keys.claimed(by: name)), RedisCommand("LLEN", keys.arriving(at: name)),
            ])
            let claims = try held[0].array.filter { (try? $0.text)?.hasSuffix(":sent") == false }.count
            statistics.claimed[name] = claims + (try held[1].integer)
        }
        for task in try rest[5].array {
            let name = try task.text
            let length = try await client.send(RedisCommand("ZCARD", keys.line(of: name))).integer
            if length > 0 { statistics.limited[name] = length }
        }
        return statistics
    }

    /// The waiting messages that are taken next, the most urgent band first.
    public func waiting(limit: Int) async throws(RedisError) -> [QueuedTask] {
        var tasks: [QueuedTask] = []
        for (band, list) in zip(PriorityBand.allCases, keys.waiting) where tasks.count < limit {
            let messages = try await client.listElements(list, from: tasks.count - limit, to: -1)
            for message in messages.reversed() { tasks.append(QueuedTask(message, band: band)) }
        }
        return tasks
    }

    /// From now on nothing is claimed; what runs goes on.
    public func pause() async throws(RedisError) {
        try await client.set(keys.paused, "1", expiry: nil)
    }

    /// Ends a pause; false when there was none.
    public func resume() async throws(RedisError) -> Bool {
        let wasPaused = try await client.delete(keys.paused) == 1
        try await client.publish("resumed", to: keys.wakeUps)
        return wasPaused
    }
}
