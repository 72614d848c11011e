/// Lists, hashes and sorted sets. Any command without a call of its own: ``RedisClient/send(_:)``.
extension RedisClient {
    /// The elements of a list from one place to another, both included; -1 is the last.
    /// <https://redis.io/docs/latest/commands/lrange/>
    public func listElements(
        _ key: String, from first: Int, to last: Int
    ) async throws(RedisError) -> [[UInt8]] {
        try await send(RedisCommand("LRANGE", key, first, last)).allBytes
    }

    /// How long a list is; 0 when there is none. <https://redis.io/docs/latest/commands/llen/>
    public func listLength(_ key: String) async throws(RedisError) -> Int {
        try await send(RedisCommand("LLEN", key)).integer
    }

    /// The value of a hash's field, nil when there is none. <https://redis.io/docs/latest/commands/hget/>
    public func hashValue(_ key: String, _ field: some RedisArgument) async throws(RedisError) -> [UInt8]? {
        try await send(RedisCommand("HGET", key, field)).optional?.bytes
    }

    /// All fields of a hash with their values, without an order. <https://redis.io/docs/latest/commands/hgetall/>
    public func hash(_ key: String) async throws(RedisError) -> [(field: String, value: [UInt8])] {
        var fields: [(field: String, value: [UInt8])] = []
        for pair in try await send(RedisCommand("HGETALL", key)).map {
            fields.append((try pair.key.text, try pair.value.bytes))
        }
        return fields
    }

    /// The members of a sorted set from one place to another, both included, the highest scores first.
    /// <https://redis.io/docs/latest/commands/zrevrange/>
    public func sortedSetMembersFromHighest(
        _ key: String, from first: Int, to last: Int
    ) async throws(RedisError) -> [[UInt8]] {
        try await send(RedisCommand("ZREVRANGE", key, first, last)).allBytes
    }
}

extension RedisConnection {
    /// An end of a list.
    public enum ListEnd: String, Sendable {
        /// Where `LPUSH` puts elements.
        case left = "LEFT"
        /// Where `RPUSH` puts elements.
        case right = "RIGHT"
    }

    /// Moves an element from one list to another, and waits for one where there is none.
    ///
    /// - Parameters:
    ///   - source: Where it is taken.
    ///   - destination: Where it is put.
    ///   - limit: How long to wait at most, in whole milliseconds and at least one: 0 would mean for ever.
    /// - Returns: The element, also when the task was cancelled in the moment in which it was moved; nil when none came.
    /// - Throws: ``RedisError``; ``RedisError/Code/cancelled`` when the task was cancelled and nothing was moved.
    ///
    /// Source: <https://redis.io/docs/latest/commands/blmove/>
    public func blockingMove(
        from source: (list: String, end: ListEnd), to destination: (list: String, end: ListEnd), upTo limit: Duration
    ) async throws(RedisError) -> [UInt8]? {
        let seconds = Double(max(1, limit.wholeMilliseconds)) / 1000
        let command = RedisCommand(
            "BLMOVE", source.list, destination.list, source.end.rawValue, destination.end.rawValue, seconds)
        return try await sendBlocking(command, upTo: limit).optional?.bytes
    }
}

extension RESPValue {
    /// The bytes of an array's elements.
    fileprivate var allBytes: [[UInt8]] {
        get throws(RedisError) {
            var all: [[UInt8]] = []
            for element in try array { all.append(try element.bytes) }
            return all
        }
    }
}
