public import RedisClient

/// Work that is done and may be spent once. Nothing is spent before this key is set, where it was not set before:
///
///     SET key 1 PX lifetime NX
public struct ProofOfWorkSpend: Sendable, Hashable {
    /// The key in the store, `sms:work:<id>`.
    public let key: String
    /// How long the key has to live: as long as any instance of the service, whose clock may be late, takes the challenge.
    public let lifetime: Duration
    /// How much work it was.
    public let bits: Int
    /// How long after its challenge was made it came.
    public let age: Duration

    /// Spends it, in one step; false when it was spent before.
    ///
    /// - Throws: ``RedisError``; when it may have been executed, the work may be spent.
    public func spend(in store: RedisClient) async throws(RedisError) -> Bool {
        let command = RedisCommand("SET", key, "1", "PX", lifetime.wholeMilliseconds, "NX")
        return try await store.send(command).optional != nil
    }
}
