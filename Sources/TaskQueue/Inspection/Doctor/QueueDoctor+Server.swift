internal import RedisClient

/// What the server is like.
extension QueueDoctor {
    /// The oldest server whose scripts can do what these need.
    private static let oldestVersion = 7
    private static let largestSkew = Duration.seconds(1)

    func serverChecks() async throws(RedisError) -> [DoctorCheck] {
        let information: ServerInformation
        do throws(RedisError) {
            information = ServerInformation(try await client.send(RedisCommand("INFO")).text)
        } catch {
            guard error.serverError == .noPermission else { throw error }
            let finding = "this user may not ask INFO: memory, eviction and persistence were not looked at"
            return [.unseen(.server, .note, finding, remedy: "a user with +info sees them")]
        }
        return [server(information), memory(information), eviction(information), persistence(information)]
    }

    private func server(_ information: ServerInformation) -> DoctorCheck {
        let version = information["redis_version"] ?? "?"
        let role = information["role"] ?? "?"
        if role != "master" {
            return DoctorCheck(
                .server, .problem, ["this is a \(role), which takes no jobs"],
                remedy: "give the address of the master, or of the sentinels: sentinel://…")
        }
        let major = version.split(separator: ".").first.flatMap { Int($0) }
        if let major, major < Self.oldestVersion {
            return DoctorCheck(
                .server, .problem, ["Redis \(version) is too old"], remedy: "use Redis 7.0 or later")
        }
        return .ok(.server, "Redis \(version), \(role)")
    }

    private func memory(_ information: ServerInformation) -> DoctorCheck {
        let used = information.number("used_memory") ?? 0
        let limit = information.number("maxmemory") ?? 0
        let system = information.number("total_system_memory") ?? 0
        let most = limit > 0 ? limit : system
        guard most > 0 else { return DoctorCheck(.memory, .note, ["\(used.megabytes) used; the limit is not known"]) }
        let share = Double(used) / Double(most)
        let text =
            "\(used.megabytes) of \(most.megabytes) used"
            + (limit > 0 ? "" : " (no maxmemory is set; this is the machine's memory)")
        let remedy = "raise maxmemory, or find out what fills it; a full Redis refuses new jobs"
        if share > 0.9 { return DoctorCheck(.memory, .problem, [text], remedy: remedy) }
        if share > 0.75 { return DoctorCheck(.memory, .warning, [text], remedy: remedy) }
        return .ok(.memory, text)
    }

    private func eviction(_ information: ServerInformation) -> DoctorCheck {
        let policy = information["maxmemory_policy"] ?? "?"
        let evicted = information.number("evicted_keys") ?? 0
        let remedy = "CONFIG SET maxmemory-policy noeviction, and the same in redis.conf"
        if policy != "noeviction" {
            let isLimited = (information.number("maxmemory") ?? 0) > 0
            return DoctorCheck(
                .eviction, isLimited ? .problem : .warning,
                ["maxmemory-policy is \(policy): a full Redis throws away keys, jobs among them"], remedy: remedy)
        }
        if evicted > 0 {
            return DoctorCheck(
                .eviction, .warning,
                ["\(evicted) keys were thrown away since the server's start; now the policy is right"])
        }
        return .ok(.eviction, "maxmemory-policy is noeviction")
    }

    private func persistence(_ information: ServerInformation) -> DoctorCheck {
        let isAppending = information["aof_enabled"] == "1"
        let failed = [
            ("aof_last_write_status", "the last write to the append-only file"),
            ("aof_last_bgrewrite_status", "the last rewrite of the append-only file"),
            ("rdb_last_bgsave_status", "the last snapshot"),
        ].filter { information[$0.0].map { $0 != "ok" } ?? false }.map { "\($0.1) has failed" }
        if !failed.isEmpty {
            return DoctorCheck(.persistence, .problem, failed, remedy: "see the server's log; is its disk full?")
        }
        if !isAppending {
            return DoctorCheck(
                .persistence, .warning, ["no append-only file is kept: when Redis stops, jobs are lost"],
                remedy: "CONFIG SET appendonly yes, and the same in redis.conf")
        }
        return .ok(.persistence, "an append-only file is kept")
    }

    func clock(_ now: @Sendable () -> WireTime) async throws(RedisError) -> DoctorCheck {
        let before = now()
        let server = try await client.send(RedisCommand("TIME")).serverTime
        let after = now()
        // It was read between the two.
        let skew = server < before ? before.since(server) : server > after ? server.since(after) : .zero
        let milliseconds = skew.wholeMilliseconds
        guard skew > Self.largestSkew else { return .ok(.clock, "within \(milliseconds + 1) ms of the server's") }
        return DoctorCheck(
            .clock, .warning,
            [
                "this machine's clock and the server's are \(milliseconds) ms apart; who sends a job says by its own when it expires"
            ],
            remedy: "let both keep time by NTP")
    }

    // MARK: - Rights

    func rights() async throws(RedisError) -> DoctorCheck {
        do throws(RedisError) {
            let user = try await client.send(RedisCommand("ACL", "WHOAMI")).text
            var refused: [String] = []
            for command in neededCommands + (await rateCommands()) {
                let reply = try await client.send(
                    RedisCommand("ACL", arguments: ["DRYRUN", user] + command.map { $0 as any RedisArgument }))
                if try reply.text != "OK" { refused.append("\(command[0]) on \(command.dropFirst().first ?? "-")") }
            }
            guard !refused.isEmpty else { return .ok(.rights, "the user \(user) may do all that a worker does") }
            return DoctorCheck(
                .rights, .warning, ["the user \(user) may not: \(refused.joined(separator: ", "))"],
                remedy: "ACL SETUSER \(user), as a worker needs these; a user only for this tool may do without")
        } catch {
            guard error.code == .refused else { throw error }
            return .unseen(
                .rights, .note, "this user may not ask ACL WHOAMI and ACL DRYRUN: its rights were not looked at")
        }
    }

    /// What a worker sends and its scripts do, with arguments that only stand for others.
    private var neededCommands: [[String]] {
        let list = keys.queue
        let claimed = keys.claimed(by: "w")
        let arriving = keys.arriving(at: "w")
        return [
            ["PING"], ["TIME"], ["EVAL", "return 1", "0"], ["EVALSHA", "0", "0"], ["SUBSCRIBE", keys.wakeUps],
            ["PUBLISH", keys.wakeUps, "x"], ["BLMOVE", list, arriving, "RIGHT", "LEFT", "1"],
            ["LPUSH", list, "x"], ["RPUSH", list, "x"], ["RPOP", list], ["LLEN", list], ["LPOP", arriving],
            ["LINDEX", arriving, "0"], ["HSET", claimed, "1", "x"], ["HGET", claimed, "1"], ["HDEL", claimed, "1"],
            ["HEXISTS", claimed, "1"], ["HLEN", claimed], ["HGETALL", claimed], ["HKEYS", claimed],
            ["PEXPIRE", keys.held(by: "w"), "1"], ["DEL", keys.held(by: "w")], ["LRANGE", list, "0", "0"],
            ["HINCRBY", keys.statistics, "x", "1"], ["ZADD", keys.workers, "1", "x"], ["ZSCORE", keys.workers, "x"],
            ["ZREM", keys.workers, "x"], ["ZRANGE", keys.scheduled, "0", "0"],
            ["ZRANGEBYSCORE", keys.workers, "0", "1"], ["ZREVRANGEBYSCORE", keys.scheduled, "1", "0"],
            ["ZCARD", keys.dead], ["ZADD", keys.dead, "1", "x"], ["HSET", keys.deadMessages, "x", "x"],
            ["HSET", keys.deadDetails, "x", "x"], ["EXISTS", keys.paused], ["SMEMBERS", keys.tasksWithLine],
            ["SADD", keys.tasksWithLine, "x"], ["ZPOPMIN", keys.line(of: "x")], ["TYPE", list],
            ["CLIENT", "UNBLOCK", "1"],
        ]
    }

    /// The same for tasks that are limited: only these have keys of their own.
    private func rateCommands() async -> [[String]] {
        // Without a right to these names, that is among what is refused.
        let names = try? await client.send(RedisCommand("SMEMBERS", keys.tasksWithLine)).array
        return (names ?? []).compactMap { try? $0.text }.flatMap { task in
            [["GET", QueueKeys.rate(of: task)], ["SET", QueueKeys.rate(of: task), "1"]]
        }
    }

    func loadedScripts() async throws(RedisError) -> DoctorCheck {
        do throws(RedisError) {
            for script in scripts.all {
                _ = try await client.send(RedisCommand("SCRIPT", "LOAD", script.source))
            }
            return .ok(.scripts, "the server knows and accepts all \(scripts.all.count)")
        } catch {
            guard error.code == .refused else { throw error }
            guard error.serverError == .noPermission else {
                return DoctorCheck(.scripts, .problem, ["the server does not accept a script: \(error)"])
            }
            return .unseen(
                .scripts, .note,
                "this user may not load scripts (SCRIPT LOAD): whether the server accepts them was not looked at")
        }
    }

    func workers() async throws(RedisError) -> DoctorCheck {
        let statistics = try await QueueInspector(client: client, queue: keys.queue).statistics()
        let alive = statistics.claimed.count - statistics.silentWorkers.count
        var findings: [String] = []
        if statistics.isPaused { findings.append("the queue is paused: nothing is taken") }
        let toDo = statistics.allWaiting + statistics.scheduled + statistics.limited.values.reduce(0, +)
        let left = statistics.silentWorkers.map { statistics.claimed[$0] ?? 0 }.reduce(0, +)
        if alive == 0, toDo + left > 0 {
            findings.append("no worker is alive; \(counted(toDo + left, "job")) to do")
            return DoctorCheck(.workers, .warning, findings, remedy: "start a worker of this queue")
        }
        findings.append("\(alive) alive")
        if !statistics.silentWorkers.isEmpty {
            findings.append(
                "\(statistics.silentWorkers.count) silent, with \(counted(left, "job")); others take them over")
        }
        let isNoteworthy = statistics.isPaused || !statistics.silentWorkers.isEmpty
        return DoctorCheck(
            .workers, isNoteworthy ? .note : .ok, findings,
            remedy: statistics.isPaused ? "sms-queue resume ends the pause" : nil)
    }
}

/// The answer of `INFO`. <https://redis.io/docs/latest/commands/info/>
private struct ServerInformation {
    private var fields: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
    }

    subscript(name: String) -> String? { fields[name] }

    func number(_ name: String) -> Int? { fields[name].flatMap { Int($0) } }
}

extension Int {
    fileprivate var megabytes: String { "\(self / 1_048_576) MB" }
}
