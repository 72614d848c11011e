internal import RedisClient

/// Goes through the dead letters in the order of their deaths, a page at a time.
///
/// Others may take letters away meanwhile: each one that stays is met once. It meets no more letters than there were in
/// the beginning, so that those that are put back and die again do not keep it going.
struct DeadLetterWalk {
    /// So many letters are read or moved in one step: few enough that Redis serves others in between.
    static let pageSize = 200

    private let client: RedisClient
    private let keys: QueueKeys
    private let script: RedisScript
    private let filter: DeadLetterFilter
    private let isNewestFirst: Bool
    /// Where the next page begins, as the script takes it.
    private var place: [any RedisArgument]
    /// How many letters were looked at.
    private(set) var examined = 0
    /// How many there were to look at in the beginning.
    let total: Int

    /// - Parameter position: The last letter of another walk, after which this one begins.
    init(
        client: RedisClient, keys: QueueKeys, scripts: QueueScripts, filter: DeadLetterFilter,
        newestFirst: Bool = false, after position: DeadLetterPosition? = nil
    ) async throws(RedisError) {
        self.client = client
        self.keys = keys
        self.filter = filter
        script = scripts.deadPage
        isNewestFirst = newestFirst
        let counts = try await client.send([
            .deaths(keys, from: filter.start, before: filter.end),
            newestFirst
                ? .deaths(keys, from: filter.end, before: .infinity)
                : .deaths(keys, from: -.infinity, before: filter.start),
        ])
        total = try counts[0].integer
        if let position {
            place = [position.time, position.id]
        } else {
            place = [try counts[1].integer]
        }
    }

    /// The letters of the next page that the filter lets through, possibly none; nil when there are no more.
    mutating func next() async throws(RedisError) -> [DeadLetter]? {
        try await nextFound()?.filter(\.isWanted).map(\.letter)
    }

    /// The same, only their ids.
    mutating func nextIDs() async throws(RedisError) -> [String]? {
        try await nextFound()?.filter(\.isWanted).map(\.position.id)
    }

    /// A letter that was met.
    struct Found {
        let position: DeadLetterPosition
        fileprivate let details: [UInt8]
        /// The filter lets it through.
        let isWanted: Bool

        var letter: DeadLetter { DeadLetter(id: position.id, details: details) }
    }

    /// All letters of the next page; nil when there are no more.
    mutating func nextFound() async throws(RedisError) -> [Found]? {
        let size = min(Self.pageSize, total - examined)
        guard size > 0 else { return nil }
        let page = try await client.run(
            script, keys: [keys.dead, keys.deadDetails], arguments: [size, isNewestFirst ? "1" : "0"] + place
        ).array
        guard page.count >= 3 else { return nil }
        examined += page.count / 3
        place = [try page[page.count - 2].bytes, try page[page.count - 3].bytes]

        var found: [Found] = []
        for index in stride(from: 0, to: page.count - 2, by: 3) {
            let (id, details) = (try page[index].text, try page[index + 2].bytes)
            let isWanted = filter.includes(
                DeadLetter(id: id, details: details), diedAt: try page[index + 1].double)
            found.append(
                Found(
                    position: DeadLetterPosition(time: try page[index + 1].text, id: id), details: details,
                    isWanted: isWanted))
        }
        return found
    }
}

extension RedisCommand {
    /// Counts the dead letters of a period, in milliseconds since 1970-01-01T00:00:00Z.
    static func deaths(_ keys: QueueKeys, from start: Double, before end: Double) -> RedisCommand {
        RedisCommand("ZCOUNT", keys.dead, start, "(\(end)")
    }
}
