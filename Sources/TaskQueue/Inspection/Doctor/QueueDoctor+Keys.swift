internal import RedisClient

/// What keys of the queue there are.
struct FoundKeys {
    /// Each key that begins as those of the queue do, with its type.
    var types: [String: String] = [:]
    /// The workers of which there are keys, whether or not they are among the workers.
    var workers: Set<String> = []
    /// The tasks of which there is a line.
    var tasks: Set<String> = []
    /// Lists of other bands than the four.
    var strangeBands: [String] = []
    /// Keys that nobody knows.
    var unknown: [String] = []
}

extension QueueDoctor {
    private static let bandSeparator = "\u{06}\u{16}"

    func foundKeys(progress: (Int) -> Void) async throws(RedisError) -> FoundKeys {
        var found = FoundKeys()
        var names = keys.waiting
        let prefix = "{\(keys.queue)}:"
        for pattern in ["\(prefix.globEscaped)*", "\(keys.queue.globEscaped)\(Self.bandSeparator)*"] {
            try await client.scanKeys(matching: pattern, progress: progress) { names.append($0) }
        }
        names = Array(Set(names)).sorted()
        var rest = names[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(1000))
            for (name, reply) in zip(some, try await client.send(some.map { RedisCommand("TYPE", $0) })) {
                let type = try reply.text
                if type != "none" { found.types[name] = type }
            }
            rest = rest.dropFirst(1000)
        }
        let known = Set(expectedTypes.keys).union(keys.waiting)
        for name in found.types.keys.sorted() where !known.contains(name) {
            let ofWorkers = [keys.claimed(by: ""), keys.arriving(at: ""), keys.held(by: "")]
            if let worker = ofWorkers.lazy.compactMap({ name.suffix(after: $0) }).first {
                found.workers.insert(worker)
            } else if let task = name.suffix(after: keys.line(of: "")) {
                found.tasks.insert(task)
            } else if name.hasPrefix("\(keys.queue)\(Self.bandSeparator)") {
                found.strangeBands.append(name)
            } else {
                found.unknown.append(name)
            }
        }
        return found
    }

    private var expectedTypes: [String: String] {
        [
            keys.workers: "zset", keys.scheduled: "zset", keys.tasksWithLine: "set", keys.dead: "zset",
            keys.deadMessages: "hash", keys.deadDetails: "hash", keys.paused: "string", keys.statistics: "hash",
            keys.history: "hash", keys.scheduler: "string", keys.periodic: "hash", keys.periodicSchedules: "hash",
            keys.audit: "stream",
        ]
    }

    /// Keys of the wrong type, keys that nobody knows, and lists that no worker looks at.
    func strangeKeys(_ found: FoundKeys, _ repair: Repair) async throws(RedisError) -> DoctorCheck {
        var findings: [String] = []
        var expected = expectedTypes
        for list in keys.waiting + found.workers.map({ keys.arriving(at: $0) }) { expected[list] = "list" }
        for key in found.workers.flatMap({ [keys.claimed(by: $0), keys.held(by: $0)] }) { expected[key] = "hash" }
        for task in found.tasks { expected[keys.line(of: task)] = "zset" }
        for (name, type) in found.types.sorted(by: { $0.key < $1.key }) {
            guard let wanted = expected[name], wanted != type else { continue }
            findings.append("\(name) is a \(type), and should be a \(wanted)")
        }
        let ofWrongType = findings
        var repairs: [String] = []
        for list in found.strangeBands where found.types[list] == "list" {
            let count = try await client.listLength(list)
            guard count > 0 else { continue }
            findings.append("\(counted(count, "job")) in a list that no worker looks at: \(list)")
            guard keys.waiting.allSatisfy({ found.types[$0] ?? "list" == "list" }) else { continue }
            repairs.append("\(counted(count, "job")) from there: to the end of their lines")
            guard repair == .always else { continue }
            while try await client.run(scripts.rescue, keys: keys.waiting + [list], arguments: [100]).integer > 0 {}
        }
        var check: DoctorCheck =
            findings.isEmpty
            ? .ok(.keys, "\(counted(found.types.count, "key")), all known")
            : .damage(.keys, findings, repairs: repairs, isMended: repair == .always)
        if !ofWrongType.isEmpty {
            check.needsHand(
                "look what it is (redis-cli TYPE, OBJECT), and RENAME it; workers make what they need anew")
        }
        if !found.unknown.isEmpty {
            let names = found.unknown.prefix(5).joined(separator: ", ") + (found.unknown.count > 5 ? ", …" : "")
            let are = found.unknown.count == 1 ? "begins as the queue's do, and is" : "begin as the queue's do, and are"
            let finding = "\(counted(found.unknown.count, "key")) \(are) none of it: \(names)"
            check.findings = check.state == .ok ? [finding] : check.findings + [finding]
            check.state = max(check.state, .note)
        }
        return check
    }

    /// What workers hold that nobody watches.
    func claims(
        _ found: FoundKeys, _ repair: Repair, progress: (Int) -> Void
    ) async throws(RedisError) -> DoctorCheck {
        let suspects = found.workers.filter {
            found.types[keys.claimed(by: $0)] ?? "hash" == "hash"
                && found.types[keys.arriving(at: $0)] ?? "list" == "list"
        }.sorted()
        func state(_ worker: String, _ repair: Repair) async throws(RedisError) -> [Int] {
            var numbers: [Int] = []
            let reply = try await client.run(
                scripts.checkClaims,
                keys: [keys.claimed(by: worker), keys.arriving(at: worker), keys.workers],
                arguments: [worker, repair.argument])
            for number in try reply.array { numbers.append(try number.integer) }
            return numbers
        }
        var held = 0
        var isSuspect = false
        for worker in suspects {
            let now = try await state(worker, .never)
            held += now[1]
            progress(held)
            isSuspect = isSuspect || now[0] == 1 || now[2] > 0 || now[3] > 0
        }
        guard isSuspect else { return .ok(.claims, "\(counted(held, "job")) held, each by a worker that is watched") }

        // A worker that lives enters itself within that time.
        try? await Task.sleep(for: Self.patience)
        var findings: [String] = []
        var repairs: [String] = []
        var strange = 0
        for worker in suspects {
            let state = try await state(worker, repair)
            if state[0] == 1 {
                findings.append("\(counted(state[1], "job")) held by \(worker), which is not among the workers")
                repairs.append("\(worker) is entered as a worker that is gone: those alive take its jobs over")
            }
            if state[2] > 0 {
                findings.append("\(counted(state[2], "mark")) of attempts without a job left of \(worker)")
                repairs.append("what is marked of attempts without a job goes")
            }
            strange += state[3]
        }
        if strange > 0 { findings.append("\(counted(strange, "field")) of what workers hold: no claims") }
        guard !findings.isEmpty else {
            return .ok(.claims, "\(counted(held, "job")) held, each by a worker that is watched")
        }
        var check = DoctorCheck.damage(.claims, findings, repairs: repairs, isMended: repair == .always)
        if strange > 0 { check.needsHand("look at them: redis-cli HKEYS '\(keys.claimed(by: "<worker>"))'") }
        return check
    }

    /// Lines whose task is not among those that have one: nobody would look there.
    func lines(_ found: FoundKeys, _ repair: Repair) async throws(RedisError) -> DoctorCheck {
        var findings: [String] = []
        for task in found.tasks.sorted() where found.types[keys.line(of: task)] == "zset" {
            let replies = try await client.send([
                RedisCommand("SISMEMBER", keys.tasksWithLine, task), RedisCommand("ZCARD", keys.line(of: task)),
            ])
            guard try replies[0].integer == 0, try replies[1].integer > 0 else { continue }
            // The name enters in one step with the first message, and never leaves.
            findings.append("\(counted(try replies[1].integer, "job")) in a line that nobody looks at, of \(task)")
            if repair == .always { _ = try await client.send(RedisCommand("SADD", keys.tasksWithLine, task)) }
        }
        guard !findings.isEmpty else { return .ok(.limits, "\(counted(found.tasks.count, "line")), all looked at") }
        return .damage(
            .limits, findings, repairs: ["the tasks are entered among those that have a line"],
            isMended: repair == .always)
    }

    /// What is due long since.
    func schedule() async throws(RedisError) -> DoctorCheck {
        func overdue() async throws(RedisError) -> Int {
            let now = try await client.send(RedisCommand("TIME")).serverTime
            let late = now.milliseconds - 10_000
            return try await client.send(RedisCommand("ZCOUNT", keys.scheduled, "-inf", late)).integer
        }
        var count = try await overdue()
        if count > 0 {
            try? await Task.sleep(for: Self.patience)
            count = try await overdue()
        }
        let all = try await client.send(RedisCommand("ZCARD", keys.scheduled)).integer
        guard count > 0 else { return .ok(.schedule, "\(all) scheduled, none is overdue") }
        return DoctorCheck(
            .schedule, .warning, ["\(count) of \(all) scheduled jobs are overdue by more than 10 s"],
            remedy: "workers move them, \(Broker.largestPromotion) a second each: is one alive?")
    }
}

extension String {
    /// What follows a beginning; nil for another beginning.
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
