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
        let time = try replies[0].array
        let now = WireTime(microseconds: try time[0].integer * 1_000_000 + time[1].integer)
        var waited: [PriorityBand: Duration] = [:]
        for (band, reply) in zip(PriorityBand.allCases, replies.dropFirst()) {
            guard let raw = try reply.optional?.bytes, let ready = (try? TaskMessage(raw))?.readySince else { continue }
            waited[band] = max(.zero, now.since(ready))
        }
        return waited
    }
}
