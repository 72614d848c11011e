public import RedisClient

/// How long the messages of a queue have waited.
public struct WaitingTimes: Sendable {
    private let client: RedisClient
    private let keys: QueueKeys

    /// Those of the queue of that name.
    public init(client: RedisClient, queue: String) {
        self.client = client
        keys = QueueKeys(queue: queue)
    }

    /// Of each waiting list, how long the message has waited that is taken next, by the server's clock. A list is left out
    /// when it is empty, or when that message does not say when it was sent, as those of Celery do not.
    public func oldest() async throws(RedisError) -> [PriorityBand: Duration] {
        let replies = try await client.send(
            [RedisCommand("TIME")] + keys.waiting.map { RedisCommand("LINDEX", $0, -1) })
        let now = try replies[0].serverTime
        var waited: [PriorityBand: Duration] = [:]
        for (band, reply) in zip(PriorityBand.allCases, replies.dropFirst()) {
            guard let raw = try reply.optional?.bytes, let age = Self.age(of: raw, at: now) else { continue }
            waited[band] = age
        }
        return waited
    }

    /// For how long a message has waited; nil when it does not say since when.
    static func age(of raw: [UInt8], at now: WireTime) -> Duration? {
        (try? TaskMessage(raw))?.readySince.map { max(.zero, now.since($0)) }
    }
}
