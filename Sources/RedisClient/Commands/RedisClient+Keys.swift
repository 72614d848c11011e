/// Single values and their keys. Any command without a call of its own: ``RedisClient/send(_:)``.
extension RedisClient {
    /// The value of a key, nil when there is none. <https://redis.io/docs/latest/commands/get/>
    public func get(_ key: String) async throws(RedisError) -> String? {
        try await send(RedisCommand("GET", key)).optional?.text
    }

    /// Takes a value and deletes its key in one step. <https://redis.io/docs/latest/commands/getdel/>
    public func getAndDelete(_ key: String) async throws(RedisError) -> String? {
        try await send(RedisCommand("GETDEL", key)).optional?.text
    }

    /// Sets a key that lives for that long; nil: until it is deleted. <https://redis.io/docs/latest/commands/set/>
    public func set(
        _ key: String, _ value: some RedisArgument, expiry: Duration?
    ) async throws(RedisError) {
        let command =
            expiry.map { RedisCommand("SET", key, value, "PX", $0.wholeMilliseconds) }
            ?? RedisCommand("SET", key, value)
        _ = try await send(command)
    }

    /// True when the key exists. <https://redis.io/docs/latest/commands/exists/>
    public func exists(_ key: String) async throws(RedisError) -> Bool {
        try await send(RedisCommand("EXISTS", key)).integer > 0
    }

    /// Deletes keys, returns how many there were. <https://redis.io/docs/latest/commands/del/>
    @discardableResult
    public func delete(_ keys: String...) async throws(RedisError) -> Int {
        try await send(RedisCommand("DEL", arguments: keys)).integer
    }

    /// Answers when the server does. <https://redis.io/docs/latest/commands/ping/>
    public func ping() async throws(RedisError) {
        _ = try await send(RedisCommand("PING"))
    }

    /// Tells all who listen, returns how many those are. <https://redis.io/docs/latest/commands/publish/>
    @discardableResult
    public func publish(_ message: some RedisArgument, to channel: String) async throws(RedisError) -> Int {
        try await send(RedisCommand("PUBLISH", channel, message)).integer
    }
}

extension Duration {
    /// Far more than any clock tells, and its parts can still be counted.
    private static let longestCounted = Duration.seconds(Int64.max / 2_000_000)

    /// Rounded to the nearest millisecond; what is longer than 146,000 years counts as that.
    package var wholeMilliseconds: Int {
        let (seconds, attoseconds) = counted.components
        return Int(seconds) * 1000 + Int((attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000)
    }

    /// Rounded down to microseconds; what is longer than 146,000 years counts as that.
    package var wholeMicroseconds: Int {
        let (seconds, attoseconds) = counted.components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }

    private var counted: Duration { min(max(self, .zero - Self.longestCounted), Self.longestCounted) }
}
