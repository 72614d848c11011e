public import RedisClient

/// Looks into a queue and mends it, from outside.
public struct QueueInspector: Sendable {
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

    /// The names of all queues of the database, sorted: those that this library has used, those that Celery has bound, and
    /// lists of messages.
    public static func queues(_ client: RedisClient) async throws(RedisError) -> [String] {
        var names: Set<String> = []
        for suffix in ["stats", "workers", "scheduled", "dead"].map({ "}:\($0)" }) {
            try await client.scanKeys(matching: "{*\(suffix)") { key in
                names.insert(String(key.dropFirst().dropLast(suffix.count)))
            }
        }
        names.formUnion(try await boundQueues(client))
        names.formUnion(try await listedQueues(client, besides: names))
        return names.sorted()
    }

    /// Those that clients of Celery have bound to an exchange. Queues of events and of remote control are none of tasks.
    private static func boundQueues(_ client: RedisClient) async throws(RedisError) -> [String] {
        var names: [String] = []
        var exchanges: [String] = []
        try await client.scanKeys(matching: "_kombu.binding.*", type: "set") { exchanges.append($0) }
        for exchange in exchanges where !exchange.hasSuffix(".pidbox") && !exchange.hasSuffix(".celeryev") {
            for binding in try await client.send(RedisCommand("SMEMBERS", exchange)).array {
                // The key, the pattern and the queue, with two separator bytes between them.
                let queue = try binding.text.split(separator: "\u{06}\u{16}", omittingEmptySubsequences: false).last
                if let queue, !queue.isEmpty, !queue.hasSuffix(".pidbox") { names.append(String(queue)) }
            }
        }
        return names
    }

    /// Those that have a list with a message that can be read, of which nothing else tells.
    private static func listedQueues(
        _ client: RedisClient, besides known: Set<String>
    ) async throws(RedisError) -> [String] {
        var lists: [String] = []
        try await client.scanKeys(matching: "*", type: "list") { lists.append($0) }
        var names: [String] = []
        for list in lists where !list.hasPrefix("{") {
            let name = PriorityBand.queue(ofList: list)
            guard !known.contains(name) else { continue }
            if let message = try await client.listElements(list, from: -1, to: -1).first,
                (try? TaskMessage(message)) != nil
            {
                names.append(name)
            }
        }
        return names
    }

    /// How much is where, all at one moment and in one round trip.
    public func statistics() async throws(RedisError) -> QueueStatistics {
        let reply = try await client.run(
            scripts.statistics,
            keys: keys.waiting + [
                keys.scheduled, keys.dead, keys.paused, keys.statistics, keys.workers, keys.tasksWithLine,
            ],
            arguments: [WaitingHead.size, keys.claimed(by: ""), keys.arriving(at: ""), keys.line(of: "")]
        ).array
        guard reply.count == 10 else { throw RedisError(.unexpectedReply, "statistics of \(reply.count) parts") }
        let now = WireTime(microseconds: try reply[0].integer)
        var statistics = QueueStatistics(queue: keys.queue)
        statistics.time = now.text
        for (band, (length, head)) in zip(PriorityBand.allCases, zip(try reply[1].array, try reply[2].array)) {
            let name = String(band.rawValue)
            statistics.waiting[name] = try length.integer
            let oldest = try WaitingHead.oldest(of: head.array, at: now)
            statistics.oldestWaitingSecondsByBand[name] = oldest.map { $0 / .seconds(1) }
        }
        statistics.oldestWaitingSeconds = statistics.oldestWaitingSecondsByBand.values.max()
        statistics.scheduled = try reply[3].integer
        if let due = try? reply[4].double { statistics.nextDueSeconds = seconds(until: due, from: now) }
        statistics.dead = try reply[5].integer
        statistics.isPaused = try reply[6].integer == 1
        for counter in try reply[7].array.inGroups(of: 2) {
            // What somebody else has written there is none.
            if let count = try? counter[1].integer { statistics.counters[try counter[0].text] = count }
        }
        for worker in try reply[8].array.inGroups(of: 3) {
            let name = try worker[0].text
            if try worker[1].double <= Double(now.milliseconds) { statistics.silentWorkers.append(name) }
            statistics.claimed[name] = try worker[2].integer
        }
        for line in try reply[9].array.inGroups(of: 2) {
            let length = try line[1].integer
            if length > 0 { statistics.limited[try line[0].text] = length }
        }
        return statistics
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
            let held = try await client.hash(keys.held(by: name))
            let since = Dictionary(held.map { ($0.field, $0.value) }) { $1 }
            let marks = Dictionary(fields.filter { $0.field.hasSuffix(":sent") }.map { ($0.field, $0.value) }) { $1 }
            for (field, message) in fields {
                guard let claim = Int(field) else { continue }
                let attempt = marks["\(field):sent"].flatMap { Int(String(decoding: $0, as: UTF8.self)) }
                report.tasks.append(
                    HeldTask(
                        claim: claim, attemptSent: attempt,
                        heldSince: since[field].flatMap(WireTime.init(heldSince:))?.text,
                        task: QueuedTask(message, display)))
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

extension WireTime {
    /// Since when a worker has been seen to hold a message, as it is kept in Redis.
    init?(heldSince milliseconds: [UInt8]) {
        guard let number = Double(String(decoding: milliseconds, as: UTF8.self)) else { return nil }
        self.init(dueAt: number)
    }
}

extension Array {
    /// One after the other in groups of that size; what is left over at the end is no group.
    fileprivate func inGroups(of size: Int) -> [[Element]] {
        stride(from: 0, through: count - size, by: size).map { Array(self[$0..<$0 + size]) }
    }
}

extension RedisClient {
    /// Visits the names of all keys that match a pattern, and are of that type if one is given, a thousand at a time.
    package func scanKeys(
        matching pattern: String, type: String? = nil, progress: (_ examined: Int) -> Void = { _ in },
        _ visit: (String) -> Void
    ) async throws(RedisError) {
        var cursor = "0"
        var examined = 0
        var seen: Set<String> = []
        repeat {
            var arguments: [any RedisArgument] = [cursor, "MATCH", pattern, "COUNT", 1000]
            if let type { arguments += ["TYPE", type] as [any RedisArgument] }
            let page = try await send(RedisCommand("SCAN", arguments: arguments)).array
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
