import Foundation
import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// Damage of each kind is planted in a real server; the doctor finds it, tells it without touching it, and mends it.
@Suite(.timeLimit(.minutes(5))) struct DoctorTests {
    private let keys = QueueKeys(queue: "celery")

    private func doctor(_ system: QueueSystem) -> QueueDoctor {
        QueueDoctor(client: system.client, queue: "celery")
    }

    private func message(_ id: String, priority: Int = 0) -> [UInt8] {
        Array(
            (#"{"body":"[[\"x\"],{},{}]","content-type":"application/json","headers":{"task":"note","id":"\#(id)"},"#
                + #""properties":{"priority":\#(priority),"delivery_tag":"1"}}"#).utf8)
    }

    /// The state of one thing.
    private func check(
        _ system: QueueSystem, _ subject: DoctorCheck.Subject, _ repair: QueueDoctor.Repair = .never
    ) async throws -> DoctorCheck {
        let report = try await doctor(system).examine(repair: repair)
        return try #require(report.checks.first { $0.subject == subject })
    }

    /// Plants damage, and looks that it is told, that telling changes nothing, and that mending leaves nothing of it.
    private func expectMended(
        _ subject: DoctorCheck.Subject, findings: Int = 1, _ plant: [RedisCommand],
        then check: (QueueSystem) async throws -> Void
    ) async throws {
        try await QueueSystem.run { system in
            for case .error(let text) in try await system.client.send(plant) { Issue.record("\(text)") }
            let before = try await everything(system)
            let found = try await self.check(system, subject)
            #expect(found.state == .problem && found.isMendable, "\(found)")
            #expect(found.findings.count == findings && !found.repairs.isEmpty, "\(found)")
            #expect(try await everything(system) == before, "looking changes nothing")

            let report = try await doctor(system).examine(repair: .always)
            #expect(report.isHealthy, "\(report)")
            let mended = try #require(report.checks.first { $0.subject == subject })
            #expect(mended.state == .note && mended.repairs == found.repairs, "\(mended)")
            let after = try await self.check(system, subject)
            #expect(after.state == .ok, "\(after)")
            try await check(system)
        }
    }

    /// All keys with their contents.
    private func everything(_ system: QueueSystem) async throws -> [String] {
        var dump: [String] = []
        for key in try await system.client.send(RedisCommand("KEYS", "*")).array {
            let name = try key.text
            dump.append("\(name) \(try await system.client.send(RedisCommand("DUMP", name)).bytes)")
        }
        return dump.sorted()
    }

    private func expect(
        _ number: Int, _ system: QueueSystem, _ command: RedisCommand, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let count = try await system.client.send(command).integer
        #expect(count == number, sourceLocation: sourceLocation)
    }

    // MARK: - Nothing

    @Test func aSoundQueueIsSound() async throws {
        try await QueueSystem.run { system in
            let empty = try await doctor(system).examine()
            #expect(empty.isHealthy && Set(empty.checks.map(\.subject)) == Set(DoctorCheck.Subject.allCases))
            #expect(empty.checks.allSatisfy { $0.state == .ok }, "\(empty.checks.filter { $0.state != .ok })")
            try await system.running(recording(Journal())) { worker in
                try await worker.waitUntilConsuming()
                try await system.producer.enqueue(note, Note(text: "later"), countdown: .seconds(600))
                try await eventually("it is scheduled") {
                    try await system.client.send(RedisCommand("ZCARD", keys.scheduled)).integer == 1
                }
                let report = try await doctor(system).examine()
                #expect(report.checks.allSatisfy { $0.state == .ok }, "\(report.checks.filter { $0.state != .ok })")
            }
        }
    }

    @Test func jobsThatMoveAreNoDamage() async throws {
        try await QueueSystem.run { system in
            var configuration = system.configuration
            configuration.concurrency = 16
            let journal = Journal()
            try await system.running(
                registry { note, context in
                    journal.add(note.text)
                    if context.retries == 0, journal.texts.count.isMultiple(of: 3) {
                        throw TaskRetry("again", after: .milliseconds(20))
                    }
                    return 0
                }
            ) { _ in
                async let sending: Void = {
                    for _ in 0..<40 {
                        try await system.producer.enqueue(
                            note, many: (0..<100).map { Note(text: "\($0)") })
                    }
                }()
                for _ in 0..<5 {
                    let report = try await doctor(system).examine(repair: .always)
                    #expect(report.isHealthy, "\(report.checks.filter { $0.state != .ok })")
                    #expect(report.checks.allSatisfy { $0.repairs.isEmpty })
                }
                try await sending
                try await eventually("all are done") {
                    try await system.statistic("succeeded") == 4000
                }
            }
        }
    }

    @Test func damageIsFoundAmongJobsThatMove() async throws {
        try await QueueSystem.run { system in
            try await system.running(recording(Journal())) { _ in
                // Old letters are dropped by the worker.
                let now = try await system.client.send(RedisCommand("TIME")).serverTime
                _ = try await system.client.send([
                    RedisCommand("ZADD", keys.scheduled, 1e15, message("twice")),
                    RedisCommand("ZADD", keys.dead, now.milliseconds, "letter"),
                    RedisCommand("HSET", keys.deadMessages, "letter", message("twice")),
                    RedisCommand("HSET", keys.claimed(by: "ghost"), "1", message("held")),
                ])
                async let sending: Void = {
                    for _ in 0..<40 {
                        try await system.producer.enqueue(note, many: (0..<100).map { Note(text: "\($0)") })
                    }
                }()
                let report = try await doctor(system).examine(repair: .always)
                let mended = report.checks.filter { !$0.repairs.isEmpty }
                #expect(mended.map(\.subject) == [.claims, .copies], "\(mended)")
                #expect(mended.map(\.repairs.count) == [1, 1])
                try await sending
                try await eventually("all are done, and what was held too") {
                    try await system.statistic("succeeded") == 4001
                }
                let after = try await QueueInspector(client: system.client, queue: "celery").statistics()
                #expect(after.scheduled == 1 && after.dead == 0 && after.allWaiting == 0)
            }
        }
    }

    // MARK: - Damage

    @Test func whatAnUnknownWorkerHoldsIsTakenOver() async throws {
        try await expectMended(
            .claims, findings: 2,
            [
                RedisCommand("HSET", keys.claimed(by: "ghost"), "1", message("a"), "1:sent", "1", "2", message("b")),
                RedisCommand("LPUSH", keys.arriving(at: "phantom"), message("c")),
            ]
        ) { system in
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("its jobs are done by others") { journal.texts.count == 3 }
                for key in [keys.claimed(by: "ghost"), keys.arriving(at: "phantom")] {
                    try await eventually("\(key) is gone") { try await system.client.exists(key) == false }
                }
            }
        }
    }

    @Test func marksWithoutTheirClaimGo() async throws {
        try await expectMended(
            .claims,
            [
                RedisCommand("ZADD", keys.workers, 1e15, "w"),
                RedisCommand("HSET", keys.claimed(by: "w"), "1", message("a"), "1:sent", "1", "7:sent", "2"),
            ]
        ) { system in
            try await expect(2, system, RedisCommand("HLEN", keys.claimed(by: "w")))
        }
    }

    @Test func aLineThatNobodyLooksAtIsLookedAt() async throws {
        try await expectMended(.limits, [RedisCommand("ZADD", keys.line(of: "note"), 1, message("a"))]) { system in
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("it was run") { journal.texts == ["x"] }
            }
        }
    }

    @Test func aListOfAnotherBandIsEmptiedIntoTheFour() async throws {
        try await expectMended(
            .keys, [RedisCommand("LPUSH", "celery\u{06}\u{16}1", message("a", priority: 1), message("b", priority: 9))]
        ) { system in
            try await expect(1, system, RedisCommand("LLEN", "celery"))
            try await expect(1, system, RedisCommand("LLEN", PriorityBand.lowest.list(of: "celery")))
        }
    }

    @Test func deadLettersAreMadeWhole() async throws {
        try await expectMended(
            .letters, findings: 2,
            [
                RedisCommand("ZADD", keys.dead, 1, "no-message", 2, "whole"),
                RedisCommand("HSET", keys.deadMessages, "unlisted", message("a"), "whole", message("b")),
                RedisCommand("HSET", keys.deadDetails, "alone", "{}", "whole", "{}"),
            ]
        ) { system in
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 9)
            #expect(letters.map(\.id) == ["unlisted", "whole"])
            try await expect(1, system, RedisCommand("HLEN", keys.deadDetails))
        }
    }

    @Test(arguments: [
        ([TaskPlace.Kind.claimed, .waiting], TaskPlace.Kind.claimed), ([.waiting, .scheduled], .waiting),
        ([.limited, .waiting], .waiting), ([.dead, .scheduled, .limited], .limited), ([.waiting, .waiting], .waiting),
        ([.dead, .waiting], .waiting), ([.dead, .claimed], .claimed),
    ])
    func aJobInSeveralPlacesStaysInOne(_ places: [TaskPlace.Kind], _ kept: TaskPlace.Kind) async throws {
        var plant = [RedisCommand("ZADD", keys.workers, 1e15, "w"), RedisCommand("SADD", keys.tasksWithLine, "note")]
        // Among others, and not always the very same bytes.
        for index in 0..<50 { plant.append(RedisCommand("LPUSH", "celery", message("other-\(index)"))) }
        for (index, place) in places.enumerated() {
            let raw = message("twice", priority: index % 2)
            switch place {
            case .waiting: plant.append(RedisCommand("LPUSH", "celery", message("twice")))
            case .claimed: plant.append(RedisCommand("HSET", keys.claimed(by: "w"), "5", raw, "5:sent", "1"))
            case .scheduled: plant.append(RedisCommand("ZADD", keys.scheduled, 1e15, raw))
            case .limited: plant.append(RedisCommand("ZADD", keys.line(of: "note"), 1, raw))
            case .dead:
                plant += [
                    RedisCommand("ZADD", keys.dead, 1, "letter"),
                    RedisCommand("HSET", keys.deadMessages, "letter", raw),
                    RedisCommand("HSET", keys.deadDetails, "letter", "{}"),
                ]
            case .arriving: break
            }
        }
        try await expectMended(.copies, plant) { system in
            let queue = QueueInspector(client: system.client, queue: "celery")
            let search = TaskSearch(client: system.client, keys: keys, scripts: QueueScripts())
            let found = try await search.find(.id("twice"), onlyOne: false) { _, _ in }
            #expect(found.map(\.home.kind) == [kept])
            let twice = try await queue.waiting(limit: 100).filter { $0.id == "twice" }
            #expect(twice.count == (kept == .waiting ? 1 : 0))
            #expect(try await queue.statistics().allWaiting == (kept == .waiting ? 51 : 50))
            #expect(try await queue.deadLetters.count() == 0)
        }
    }

    // MARK: - What people have to mend

    @Test func keysOfTheWrongTypeAreToldAndLeftAlone() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("SET", keys.scheduled, "text"))
            let found = try await check(system, .keys)
            #expect(found.state == .problem && !found.isMendable)
            #expect(found.findings == ["{celery}:scheduled is a string, and should be a zset"])
            #expect(try await check(system, .keys, .always).state == .problem)
            #expect(try await system.client.get(keys.scheduled) == "text")
        }
    }

    @Test func unknownKeysAndUnreadableJobsAreNoted() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send([
                RedisCommand("SET", "{celery}:mystery", "1"), RedisCommand("LPUSH", "celery", "{broken"),
                RedisCommand("SET", "other", "1"),
            ])
            let keys = try await check(system, .keys)
            #expect(keys.state == .note && keys.findings.first?.contains("{celery}:mystery") == true)
            #expect(try await check(system, .messages).state == .note)
            #expect(try await check(system, .workers).state == .warning, "a job and no worker")
        }
    }

    @Test func aWrongTypeHidesNeitherStrandedJobsNorUnknownKeys() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send([
                RedisCommand("SET", keys.workers, "text"), RedisCommand("SET", "{celery}:mystery", "1"),
                RedisCommand("LPUSH", "celery\u{06}\u{16}1", message("a")),
            ])
            let found = try await check(system, .keys)
            #expect(found.state == .problem && found.isMendable && found.repairs.count == 1, "\(found)")
            #expect(found.findings.count == 3, "\(found)")
            #expect(found.findings.last == "1 key begins as the queue's do, and is none of it: {celery}:mystery")
            #expect(found.remedy?.contains("doctor --repair") == true && found.remedy?.contains("RENAME") == true)
            let report = try await doctor(system).examine(repair: .always)
            let mended = try #require(report.checks.first { $0.subject == .keys })
            #expect(mended.state == .problem && !mended.isMendable && mended.repairs.count == 1, "\(mended)")
            try await expect(1, system, RedisCommand("LLEN", "celery"))
            let unseen = report.checks.filter { !$0.wasLookedAt }
            #expect(!unseen.isEmpty && unseen.allSatisfy { $0.state == .warning }, "\(unseen)")
        }
    }

    @Test func whatIsMendedBesideStrangeFieldsIsTold() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(
                RedisCommand("HSET", keys.claimed(by: "ghost"), "1", message("a"), "what", "ever"))
            let found = try await check(system, .claims)
            #expect(found.state == .problem && found.isMendable && found.repairs.count == 1, "\(found)")
            let mended = try await check(system, .claims, .always)
            #expect(mended.state == .problem && mended.repairs == found.repairs && !mended.isMendable, "\(mended)")
            #expect(mended.findings.count == 2 && mended.remedy?.hasPrefix("look at them") == true, "\(mended)")
            try await expect(1, system, RedisCommand("ZCARD", keys.workers))
        }
    }

    @Test func doubledJobsBeyondAThousandAreToldAndMendedByTheNextRun() async throws {
        try await QueueSystem.run { system in
            let count = QueueDoctor.mostSuspects + 3
            let messages = (0..<count).map { message("job-\($0)") }
            for _ in 0..<2 {
                _ = try await system.client.send(
                    RedisCommand("RPUSH", arguments: ["celery"] + messages.map { $0 as any RedisArgument }))
            }
            let first = try await check(system, .copies, .always)
            #expect(first.state == .problem && first.isMendable && first.repairs.count == QueueDoctor.mostSuspects)
            #expect(
                first.findings.last
                    == "more than 1000 ids were met several times: 3 of them have not been looked at")
            #expect(first.remedy?.contains("again") == true)
            let second = try await check(system, .copies, .always)
            #expect(second.state == .note && second.repairs.count == 3, "\(second.findings.count)")
            try await expect(count, system, RedisCommand("LLEN", "celery"))
        }
    }

    @Test func strangeFieldsOfClaimsAreTold() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send([
                RedisCommand("ZADD", keys.workers, 1e15, "w"),
                RedisCommand("HSET", keys.claimed(by: "w"), "what", "ever"),
            ])
            #expect(try await check(system, .claims, .always).state == .problem)
        }
    }

    @Test func whatIsOverdueIsTold() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("ZADD", keys.scheduled, 5, message("a")))
            #expect(try await check(system, .schedule).state == .warning)
        }
    }

    @Test func theServerIsLookedAt() async throws {
        try await QueueSystem.run { system in
            func configure(_ name: String, _ value: String) async throws {
                _ = try await system.client.send(RedisCommand("CONFIG", "SET", name, value))
            }
            #expect(try await check(system, .persistence).state == .ok)
            try await configure("appendonly", "no")
            #expect(try await check(system, .persistence).state == .warning)
            try await configure("maxmemory-policy", "allkeys-lru")
            #expect(try await check(system, .eviction).state == .warning)
            try await configure("maxmemory", "100mb")
            #expect(try await check(system, .eviction).state == .problem)
            try await configure("maxmemory-policy", "noeviction")
            #expect(try await check(system, .eviction).state == .ok)
            #expect(try await check(system, .memory).state == .ok)
            try await configure("maxmemory", "1")
            #expect(try await check(system, .memory).state == .problem)
            try await configure("maxmemory", "0")
            let skewed = try await doctor(system).examine(now: { WireTime.now.adding(.seconds(-90)) })
            #expect(skewed.checks.first { $0.subject == .clock }?.state == .warning)
        }
    }

    /// What is wrong with the server or its workers, what brings it about, and how it is told.
    @Test(arguments: [
        (
            [["REPLICAOF", "127.0.0.1", "1"]], DoctorCheck.Subject.server, DoctorCheck.State.problem,
            "this is a slave, which takes no jobs"
        ),
        ([["SET", "{celery}:paused", "1"]], .workers, .note, "the queue is paused"),
        (
            [
                ["ZADD", "{celery}:workers", "1", "gone", "1000000000000000", "here"],
                ["HSET", "{celery}:claimed:gone", "1", "{}"],
            ], .workers, .note, "1 silent, with 1 job; others take them over"
        ),
        (
            [["ZADD", "{celery}:workers", "1", "gone"], ["LPUSH", "celery", "{}"]], .workers, .warning,
            "no worker is alive"
        ),
        (
            [
                ["DEBUG", "POPULATE", "10000", "filler", "1000"],
                ["CONFIG", "SET", "maxmemory-policy", "allkeys-random"],
                ["CONFIG", "SET", "maxmemory", "5mb"], ["SET", "x", "y"], ["CONFIG", "SET", "maxmemory", "0"],
                ["CONFIG", "SET", "maxmemory-policy", "noeviction"],
            ], .eviction, .warning, "keys were thrown away since the server's start"
        ),
    ])
    func whatIsWrongAroundTheQueueIsTold(
        _ commands: [[String]], _ subject: DoctorCheck.Subject, _ state: DoctorCheck.State, _ words: String
    ) async throws {
        try await QueueSystem.run(arguments: ["--enable-debug-command", "yes"]) { system in
            for command in commands {
                _ = try await system.client.send(
                    RedisCommand(command[0], arguments: command.dropFirst().map { $0 as any RedisArgument }))
            }
            let found = try await check(system, subject)
            #expect(found.state == state, "\(found)")
            #expect(found.findings.contains { $0.contains(words) }, "\(found)")
        }
    }

    @Test func memoryThatIsNearlyFullIsTold() async throws {
        try await QueueSystem.run { system in
            // So much that what a connection takes beside it makes no difference.
            _ = try await system.client.send(RedisCommand("SETRANGE", "filler", 50_000_000, "x"))
            let used = try await system.server.cli("INFO", "memory").split(whereSeparator: \.isNewline)
                .first { $0.hasPrefix("used_memory:") }.flatMap { Int($0.dropFirst("used_memory:".count)) }
            let limit = try #require(used) * 100 / 82
            _ = try await system.client.send(RedisCommand("CONFIG", "SET", "maxmemory", limit))
            #expect(try await check(system, .memory).state == .warning)
        }
    }

    @Test func aSnapshotThatCouldNotBeWrittenIsTold() async throws {
        try await QueueSystem.run { system in
            // No file can take the place of a folder.
            try FileManager.default.createDirectory(
                atPath: "\(system.server.folder)/dump.rdb", withIntermediateDirectories: false)
            try await system.server.cli("BGSAVE")
            try await eventually("it has failed") {
                try await system.server.cli("INFO", "persistence").contains("rdb_last_bgsave_status:err")
            }
            let found = try await check(system, .persistence)
            #expect(found.state == .problem && found.findings == ["the last snapshot has failed"], "\(found)")
        }
    }

    @Test func aServerThatTakesNoScriptsIsTold() async throws {
        try await QueueSystem.run(arguments: ["--rename-command", "SCRIPT", "OTHER"]) { system in
            let found = try await check(system, .scripts)
            #expect(found.state == .problem && found.wasLookedAt, "\(found)")
            #expect(found.findings.first?.contains("does not accept a script") == true, "\(found)")
        }
    }

    @Test func aUserWithoutRightsIsTold() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(
                RedisCommand("ACL", "SETUSER", "reader", "on", ">secret", "~*", "&*", "+@all", "-lpush", "-script"))
            let url = "redis://reader:secret@127.0.0.1:\(system.server.port)/3"
            let client = RedisClient(RedisConfiguration(url: try RedisURL(url)), logger: QueueSystem.logger)
            try await client.whileRunning {
                let report = try await QueueDoctor(client: client, queue: "celery").examine()
                let rights = try #require(report.checks.first { $0.subject == .rights })
                #expect(rights.state == .warning && rights.findings.first?.contains("LPUSH on celery") == true)
                #expect(report.checks.first { $0.subject == .scripts }?.state == .note)
            }
        }
    }

    @Test func withTheDocumentedRightsAWorkerDoesItsWork() async throws {
        try await QueueSystem.run { system in
            let rules = try DocumentedUser.words("worker") + ["+info", "+acl|whoami", "+acl|dryrun"]
            _ = try await system.client.send(RedisCommand("ACL", arguments: ["SETUSER"] + rules))
            try await AuditLog(client: system.client, queue: "celery")
                .append(AuditEvent(actor: "ada", action: "pause"))
            var redis = system.configuration.broker
            redis.url = try RedisURL("redis://worker:secret@127.0.0.1:\(system.server.port)/3")
            var configuration = system.configuration
            configuration.broker = redis
            let journal = Journal()
            let registry = registry { note, context in
                journal.add(note.text)
                if note.text == "again", context.retries == 0 { throw TaskRetry("later", after: .milliseconds(10)) }
                if note.text == "no" { throw TaskRejection("refused", "no") }
                return 0
            }
            let worker = TaskWorker(configuration, registry: registry, logger: QueueSystem.logger)
            async let _: Void = worker.run()
            for text in ["once", "again", "no"] { try await system.producer.enqueue(note, Note(text: text)) }
            try await eventually("all have ended") {
                let ends = try await [system.statistic("succeeded"), system.statistic("dead")]
                return ends == [2, 1]
            }
            #expect(journal.texts.sorted() == ["again", "again", "no", "once"])

            let client = RedisClient(redis, logger: QueueSystem.logger)
            try await client.whileRunning {
                let report = try await QueueDoctor(client: client, queue: "celery").examine()
                #expect(report.checks.allSatisfy { $0.state == .ok }, "\(report.checks.filter { $0.state != .ok })")
                // What is limited has a key of its own.
                _ = try await system.client.send(RedisCommand("SADD", keys.tasksWithLine, "note"))
                let rights = try await QueueDoctor(client: client, queue: "celery").examine().checks
                    .first { $0.subject == .rights }
                #expect(rights?.findings == ["the user worker may not: GET on {note}:rate, SET on {note}:rate"])
            }
            for words in [
                ["DEL", keys.audit], ["RENAME", keys.audit, "x"], ["FLUSHALL"], ["GET", "sms:limit:total"],
            ] {
                let reply = try await system.client.send(
                    RedisCommand("ACL", arguments: ["DRYRUN", "worker"] + words)
                ).text
                #expect(reply.contains("has no permissions"), "\(words): \(reply)")
            }
        }
    }
}
