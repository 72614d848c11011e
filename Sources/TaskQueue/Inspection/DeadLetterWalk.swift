internal import RedisClient

/// Goes through the dead letters in the order of their deaths, a portion at a time.
///
/// Others may take letters away meanwhile: each one that stays is met once. What dies after the beginning is not met, so
/// that a letter that is put back and dies again does not keep the walk going.
struct DeadLetterWalk {
    /// So many letters are read or moved in one step: few enough that Redis serves others in between.
    static let portion = 200

    private let client: RedisClient
    private let keys: QueueKeys
    private let filter: DeadLetterFilter
    private let isNewestFirst: Bool
    private var bounds: (oldest: String, newest: String)
    /// Those already met that died in the same millisecond as the last one.
    private var met: Set<String> = []
    /// How many letters were looked at.
    private(set) var examined = 0
    /// How many there were to look at in the beginning.
    let total: Int

    init(
        client: RedisClient, keys: QueueKeys, filter: DeadLetterFilter, newestFirst: Bool = false
    ) async throws(RedisError) {
        self.client = client
        self.keys = keys
        self.filter = filter
        isNewestFirst = newestFirst
        bounds = filter.bounds
        let newest = try await client.send(
            RedisCommand(
                "ZRANGE", keys.dead, bounds.newest, bounds.oldest, "BYSCORE", "REV", "LIMIT", 0, 1, "WITHSCORES"))
        if let time = try Self.entries(newest).first?.time { bounds.newest = "\(time)" }
        total = try await client.send(RedisCommand("ZCOUNT", keys.dead, bounds.oldest, bounds.newest)).integer
    }

    /// The letters of the next portion that the filter lets through, possibly none; nil when there are no more.
    mutating func next() async throws(RedisError) -> [DeadLetter]? {
        let range: [any RedisArgument] =
            isNewestFirst
            ? [bounds.newest, bounds.oldest, "BYSCORE", "REV"] : [bounds.oldest, bounds.newest, "BYSCORE"]
        let reply = try await client.send(
            RedisCommand(
                "ZRANGE",
                arguments: [keys.dead] + range + ["LIMIT", 0, Self.portion + met.count, "WITHSCORES"]))
        let found = try Self.entries(reply)
        let fresh = found.filter { !met.contains($0.id) }.prefix(Self.portion)
        guard let last = fresh.last else { return nil }
        met.formUnion(fresh.map(\.id))
        met = Set(found.filter { $0.time == last.time && met.contains($0.id) }.map(\.id))
        if isNewestFirst { bounds.newest = "\(last.time)" } else { bounds.oldest = "\(last.time)" }
        examined += fresh.count

        let details = try await client.send(
            RedisCommand("HMGET", arguments: [keys.deadDetails] + fresh.map { $0.id as any RedisArgument })
        ).array
        var letters: [DeadLetter] = []
        for (entry, details) in zip(fresh, details) {
            let letter = DeadLetter(id: entry.id, details: try details.optional?.bytes ?? [])
            if filter.matches(letter) { letters.append(letter) }
        }
        return letters
    }

    /// Members with their scores: flat in RESP2, in pairs in RESP3.
    private static func entries(_ reply: RESPValue) throws(RedisError) -> [(id: String, time: Double)] {
        var flat: [RESPValue] = []
        for element in try reply.array {
            if case .array(let pair) = element { flat += pair } else { flat.append(element) }
        }
        var entries: [(id: String, time: Double)] = []
        for pair in try RESPValue.array(flat).map { entries.append((try pair.key.text, try pair.value.double)) }
        return entries
    }
}
