internal import RedisClient

/// A key of a queue that holds messages.
struct MessageHome: Sendable, Hashable {
    let kind: TaskPlace.Kind
    let key: String
    /// Of a waiting list.
    var band: PriorityBand?
    /// Of what a worker holds.
    var worker: String?
    var isWorkerAlive = true

    /// The type of the key, as Redis calls it.
    var type: String {
        switch kind {
        case .waiting, .arriving: "list"
        case .scheduled, .limited: "zset"
        case .claimed, .dead: "hash"
        }
    }

    /// How many messages there are.
    var length: RedisCommand {
        switch type {
        case "list": RedisCommand("LLEN", key)
        case "zset": RedisCommand("ZCARD", key)
        default: RedisCommand("HLEN", key)
        }
    }
}

extension QueueKeys {
    /// All keys of the queue that hold messages, in an order in which a message that moves on is rather met twice.
    ///
    /// - Parameters:
    ///   - client: The broker's client.
    ///   - orphans: Further workers, who may not be among those of the queue.
    func homes(
        _ client: RedisClient, orphans: [String] = []
    ) async throws(RedisError) -> [MessageHome] {
        let replies = try await client.send([
            RedisCommand("TIME"), RedisCommand("ZRANGE", workers, 0, -1, "WITHSCORES"),
            RedisCommand("SMEMBERS", tasksWithLine),
        ])
        let now = try replies[0].serverTime
        var homes = zip(PriorityBand.allCases, waiting).map { MessageHome(kind: .waiting, key: $1, band: $0) }
        homes.append(MessageHome(kind: .scheduled, key: scheduled))
        for task in try replies[2].array { homes.append(MessageHome(kind: .limited, key: line(of: try task.text))) }
        var leases = Dictionary(orphans.map { ($0, false) }) { first, _ in first }
        for pair in try replies[1].map {
            leases[try pair.key.text] = try pair.value.double > Double(now.milliseconds)
        }
        for (worker, isAlive) in leases.sorted(by: { $0.key < $1.key }) {
            for (kind, key) in [(TaskPlace.Kind.arriving, arriving(at: worker)), (.claimed, claimed(by: worker))] {
                homes.append(MessageHome(kind: kind, key: key, worker: worker, isWorkerAlive: isAlive))
            }
        }
        homes.append(MessageHome(kind: .dead, key: deadMessages))
        return homes
    }
}

extension QueueKeys {
    /// The workers that hold something, as the names of their keys tell.
    func holders(_ client: RedisClient) async throws(RedisError) -> [String] {
        var workers: Set<String> = []
        for prefix in [claimed(by: ""), arriving(at: "")] {
            try await client.scanKeys(matching: "\(prefix.globEscaped)*") {
                workers.insert(String($0.dropFirst(prefix.count)))
            }
        }
        return workers.sorted()
    }
}

extension String {
    /// With what means something in a pattern of `SCAN` escaped.
    var globEscaped: String {
        reduce(into: "") { escaped, character in
            if "*?[]\\^".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }
}

extension RESPValue {
    /// The reply of `TIME`.
    var serverTime: WireTime {
        get throws(RedisError) {
            let parts = try array
            guard parts.count == 2 else { throw RedisError(.unexpectedReply, "expected a time from Redis") }
            return WireTime(microseconds: try parts[0].integer * 1_000_000 + parts[1].integer)
        }
    }
}
