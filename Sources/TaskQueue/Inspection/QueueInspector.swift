public import RedisClient

/// Looks into a queue and mends it, from outside.
public struct QueueInspector: Sendable {
    /// As many of the next messages as are asked how long they have waited: a retry that was put before the others has
    /// waited for less.
    private static let headSize = 10

    let client: RedisClient
    let keys: QueueKeys
    let scripts = QueueScripts()
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

    var search: TaskSearch { TaskSearch(client: client, keys: keys, scripts: scripts) }

    /// The names of all queues of the database that a worker or a producer of this library has used, sorted.
    public static func queues(_ client: RedisClient) async throws(RedisError) -> [String] {
        var names: Set<String> = []
        for suffix in ["}:stats", "}:workers"] {
            try await client.scanKeys(matching: "{*\(suffix)") { key in
                names.insert(String(key.dropFirst().dropLast(suffix.count)))
            }
        }
        return names.sorted()
    }

    /// How much is where.
    public func statistics() async throws(RedisError) -> QueueStatistics {
        let lengths = keys.waiting.map { RedisCommand("LLEN", $0) }
        let heads = keys.waiting.map { RedisCommand("LRANGE", $0, -Self.headSize, -1) }
        let replies = try await client.send(
            lengths + heads + [
                RedisCommand("ZCARD", keys.scheduled), RedisCommand("ZCARD", keys.dead),
                RedisCommand("EXISTS", keys.paused), RedisCommand("HGETALL", keys.statistics),
                RedisCommand("ZRANGE", keys.workers, 0, -1, "WITHSCORES"), RedisCommand("SMEMBERS", keys.tasksWithLine),
                RedisCommand("TIME"), RedisCommand("ZRANGE", keys.scheduled, 0, 0, "WITHSCORES"),
            ])
        var statistics = QueueStatistics(queue: keys.queue)
        for (band, reply) in zip(PriorityBand.allCases, replies) {
            statistics.waiting[String(band.rawValue)] = try reply.integer
        }
        let rest = Array(replies.dropFirst(lengths.count + heads.count))
        statistics.scheduled = try rest[0].integer
        statistics.dead = try rest[1].integer
        statistics.isPaused = try rest[2].integer == 1
        for counter in try rest[3].map {
            // What somebody else has written there is none.
            if let count = try? counter.value.integer { statistics.counters[try counter.key.text] = count }
        }
        let now = try rest[6].serverTime
        statistics.time = now.text
        if let due = try rest[7].map.first {
            statistics.nextDueSeconds = seconds(until: try due.value.double, from: now)
        }
        statistics.oldestWaitingSeconds = try Self.oldest(replies[lengths.count..<lengths.count + heads.count], now)
        for worker in try rest[4].map {
            let name = try worker.key.text
            if try worker.value.double <= Double(now.milliseconds) { statistics.silentWorkers.append(name) }
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

    private static func oldest(_ heads: ArraySlice<RESPValue>, _ now: WireTime) throws(RedisError) -> Double? {
        var ages: [Double] = []
        for head in heads {
            for message in try head.array {
                let task = QueuedTask(try message.bytes, .masked)
                guard let since = task.since.flatMap(WireTime.init) else { continue }
                ages.append(max(0, now.since(since) / .seconds(1)))
            }
        }
        return ages.max()
    }

    /// The waiting messages that are taken next, the most urgent band first.
    public func waiting(
        limit: Int, display: ArgumentDisplay = .masked
    ) async throws(RedisError) -> [QueuedTask] {
        var tasks: [QueuedTask] = []
        for (band, list) in zip(PriorityBand.allCases, keys.waiting) where tasks.count < limit {
            let messages = try await client.listElements(list, from: tasks.count - limit, to: -1)
            for message in messages.reversed() { tasks.append(QueuedTask(message, band: band, display)) }
        }
        let refused = try await deadLetters.unknownTasks()
        for index in tasks.indices where tasks[index].problem == nil {
            guard let name = tasks[index].task, refused.contains(name) else { continue }
            tasks[index].problem = "unknown-task: a worker has lately refused one of this name"
        }
        return tasks
    }

    /// The messages that wait for their time, the next one first.
    public func scheduled(
        limit: Int, display: ArgumentDisplay = .masked
    ) async throws(RedisError) -> [ScheduledTask] {
        let replies = try await client.send([
            RedisCommand("TIME"), RedisCommand("ZRANGE", keys.scheduled, 0, limit - 1, "WITHSCORES"),
        ])
        let now = try replies[0].serverTime
        var tasks: [ScheduledTask] = []
        for pair in try replies[1].map {
            let score = try pair.value.double
            tasks.append(
                ScheduledTask(
                    due: WireTime(dueAt: score).text, dueInSeconds: seconds(until: score, from: now),
                    task: QueuedTask(try pair.key.bytes, display)))
        }
        return tasks
    }

    /// The queue's workers and what each of them is doing, sorted by name.
    public func workers(display: ArgumentDisplay = .masked) async throws(RedisError) -> [WorkerReport] {
        let replies = try await client.send([
            RedisCommand("TIME"), RedisCommand("ZRANGE", keys.workers, 0, -1, "WITHSCORES"),
        ])
        let now = try replies[0].serverTime
        var reports: [WorkerReport] = []
        for pair in try replies[1].map {
            let name = try pair.key.text
            let lease = seconds(until: try pair.value.double, from: now)
            var report = WorkerReport(
                name: name, isAlive: lease > 0, leaseSeconds: lease, tasks: [],
                arriving: try await client.listLength(keys.arriving(at: name)))
            let fields = try await client.hash(keys.claimed(by: name))
            let marks = Dictionary(fields.filter { $0.field.hasSuffix(":sent") }.map { ($0.field, $0.value) }) { $1 }
            for (field, message) in fields {
                guard let claim = Int(field) else { continue }
                let attempt = marks["\(field):sent"].flatMap { Int(String(decoding: $0, as: UTF8.self)) }
                report.tasks.append(
                    HeldTask(claim: claim, attemptSent: attempt, task: QueuedTask(message, display)))
            }
            report.tasks.sort { $0.claim < $1.claim }
            reports.append(report)
        }
        return reports.sorted { $0.name < $1.name }
    }
}

/// How long it is until a time that is given in milliseconds; negative when it has passed.
private func seconds(until milliseconds: Double, from now: WireTime) -> Double {
    WireTime(dueAt: milliseconds).since(now) / .seconds(1)
}

extension RedisClient {
    /// Visits the names of all keys that match a pattern, a thousand at a time.
    func scanKeys(
        matching pattern: String, progress: (_ examined: Int) -> Void = { _ in }, _ visit: (String) -> Void
    ) async throws(RedisError) {
        var cursor = "0"
        var examined = 0
        var seen: Set<String> = []
        repeat {
            let page = try await send(RedisCommand("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)).array
            guard page.count == 2 else { return }
            cursor = try page[0].text
            for key in try page[1].array {
                let name = try key.text
                if seen.insert(name).inserted { visit(name) }
            }
            examined += 1000
            progress(examined)
        } while cursor != "0"
    }
}
