internal import RedisClient

/// Goes through the messages of one key, a page at a time, and brings over only what is asked for.
///
/// A page is looked through inside Redis, in about a millisecond; a million messages take some seconds, in which Redis
/// serves others between the pages.
struct MessageScan {
    /// So many messages are looked at in one step.
    static let pageSize = 1000

    enum Wanted {
        /// The ids of all.
        case ids
        /// The messages that contain one of these texts.
        case containing([String])
        /// The messages that have one of these ids.
        case withID([String])

        fileprivate var arguments: [any RedisArgument] {
            switch self {
            case .ids: ["ids"]
            case .containing(let texts): ["with"] + texts.map { $0 as any RedisArgument }
            case .withID(let ids): ["of"] + ids.map { $0 as any RedisArgument }
            }
        }
    }

    struct Entry: Hashable {
        /// How many are taken before it, its score, or its field.
        let place: String
        /// Its id, or the message.
        let content: [UInt8]
    }

    let client: RedisClient
    let script: RedisScript
    let home: MessageHome
    let wanted: Wanted
    /// How many were looked at.
    private(set) var examined = 0
    private var cursor: String? = "0"
    private var previous: [Entry] = []

    init(_ home: MessageHome, _ wanted: Wanted, client: RedisClient, scripts: QueueScripts) {
        self.home = home
        self.wanted = wanted
        self.client = client
        script = scripts.scan
    }

    /// What the next page holds of the wanted, possibly nothing; nil when there are no more.
    mutating func next() async throws(RedisError) -> [Entry]? {
        guard let cursor else { return nil }
        let page = try await client.run(
            script, keys: [home.key], arguments: [Self.pageSize, cursor] + wanted.arguments
        ).array
        guard page.count >= 2 else { return nil }
        let next = try page[0].text
        self.cursor = next == "0" ? nil : next
        examined += try page[1].integer
        var entries: [Entry] = []
        for index in stride(from: 2, to: page.count - 1, by: 2) {
            entries.append(Entry(place: try page[index].text, content: try page[index + 1].bytes))
        }
        guard home.type == "list", case .ids = wanted else { return entries }
        defer { previous = entries }
        return Array(entries.dropFirst(overlap(of: entries)))
    }

    /// How many entries of a list's page were the end of the page before, since others were put in before them.
    private func overlap(of entries: [Entry]) -> Int {
        guard let last = previous.last, let first = entries.first else { return 0 }
        // Nothing has moved: what looks the same lies there twice.
        if let before = Int(last.place), let after = Int(first.place), after == before - 1 { return 0 }
        let start = previous.indices.first { index in
            previous[index].content == first.content
                && zip(previous[index...], entries).allSatisfy { $0.content == $1.content }
        }
        return start.map { min(previous.count - $0, entries.count) } ?? 0
    }
}
