import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import QueueTool

/// The tool beside a live queue.
@Suite(.timeLimit(.minutes(5))) struct ToolTests {
    private static let mobile = "13800138000"
    private static let code = "123456"

    private func sending() -> Sending { Sending(mobile: Self.mobile, code: Self.code) }

    @Test func showTellsWhereATaskIsAndWhyItWaits() async throws {
        try await ToolSystem.run { system in
            let id = try await system.producer.enqueue(sendCode, sending()).text
            _ = try await system.output("pause")
            let text = try await system.output("show", id)
            for word in ["waiting", "paused", "no worker of this queue is alive", "138****8000", "send_code"] {
                #expect(text.contains(word), "\(word) in \(text)")
            }
            #expect(!text.contains(Self.mobile) && !text.contains(Self.code))
            #expect(try await system.output("show", id, "--reveal").contains(Self.code))
            let story = try await system.json(TaskStory.self, "show", id)
            #expect(story.place?.kind == .waiting && story.reasons.first?.kind == .paused)

            let none = try await system.tool("show", "none")
            #expect(none.status == .code(1) && none.errorOutput.contains("no task none in the queue celery"))
        }
    }

    @Test func showTellsOfOpenBreakersAndResults() async throws {
        try await ToolSystem.run { system in
            let message =
                #"{"body":"[[\"13800138000\",\"123456\"],{},{}]","content-type":"application/json","#
                + #""headers":{"task":"send_code","id":"r1","retries":2},"properties":{}}"#
            try await system.redis.cli("ZADD", "{celery}:scheduled", "99999999999999", message, database: 3)
            try await system.redis.cli(
                "HSET", "sms:breakers", "aliyun", "account-refused 99999999999999", "twilio", "x 1", "odd", "",
                database: 3)
            let text = try await system.output("show", "r1")
            #expect(text.contains("nothing goes through aliyun (account-refused) until"))
            #expect(!text.contains("twilio") && text.contains("a retry, due at"))
            let waiting = try await system.producer.enqueue(sendCode, sending()).text
            #expect(try await system.output("show", waiting).contains("nothing goes through aliyun (account-refused)"))
            try await system.redis.cli(
                "SET", "celery-task-meta-r1",
                #"{"status":"RETRY","result":{"exc_type":"Busy","exc_message":["the gateway is busy"]}}"#, database: 3)
            let retried = try await system.output("show", "r1")
            #expect(retried.contains("RETRY") && retried.contains("Busy: the gateway is busy"))

            try await system.redis.cli("SET", "celery-task-meta-done", #"{"status":"SUCCESS"}"#, database: 5)
            let done = try await system.tool("show", "done", "--result-backend", system.redis.url(database: 5))
            #expect(done.status == .code(0) && done.output.contains("SUCCESS"))
        }
    }

    @Test func workersTellsWhatEachIsDoing() async throws {
        try await ToolSystem.run { system in
            let started = AsyncStream<Void>.makeStream()
            let end = AsyncStream<Void>.makeStream()
            try await system.running { _, context in
                try await context.confirmClaim()
                started.continuation.yield()
                for await _ in end.stream { break }
                return 0
            } _: { worker in
                let id = try await system.producer.enqueue(sendCode, sending()).text
                for await _ in started.stream { break }
                let text = try await system.output("workers")
                for word in [worker.id, "alive", id, "attempt 1 is out", "138****8000"] {
                    #expect(text.contains(word), "\(word) in \(text)")
                }
                #expect(!text.contains(Self.code))
                let reports = try await system.json([WorkerReport].self, "workers")
                #expect(reports.first?.tasks.first?.task.id == id)
                try await eventually("it is known since when") {
                    try await system.output("workers").contains(/attempt 1 is out +[0-9]/)
                }
                #expect(try await system.output("show", id).contains("held since"))
                let cancel = try await system.tool("cancel", id)
                #expect(cancel.status == .code(1) && cancel.errorOutput.contains("too late"))
                let show = try await system.output("show", id)
                #expect(show.contains("it runs") && show.contains(worker.id))
                end.continuation.yield()
                try await eventually("it is done") {
                    try await system.redis.cli("HGET", "{celery}:stats", "succeeded", database: 3) == "1"
                }
            }
        }
    }

    @Test func statsMeasuresRatesAndListsAllQueues() async throws {
        try await ToolSystem.run { system in
            try await system.producer.enqueue(sendCode, sending())
            try await system.producer.enqueue(sendCode, sending(), queue: "other")
            let text = try await system.output("stats", "--measure", "0.1")
            for word in ["oldest waits for", "A SECOND", "total enqueued"] { #expect(text.contains(word), "\(word)") }
            let all = try await system.output("stats", "--all")
            #expect(all.contains("celery") && all.contains("other"))
            for word in ["PRIO 0", "PRIO 9", "IN/S", "DONE/S"] { #expect(all.contains(word), "\(word) in \(all)") }
            #expect(try await system.output("stats", "--all", "--measure", "0").contains(#/ 0 +- +-\n/#))
            let program = try Program.start(
                Program.built("sms-queue"), ["watch", "--all", "--json", "--interval", "0.1"],
                environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
            try await eventually("two lines") { program.outputLines.count >= 2 }
            program.signal(SIGINT)
            #expect(try await program.waitForExit() == .code(0))
            let queues = try JSONSerialization.jsonObject(with: Data(program.outputLines[1].utf8)) as? [[String: Any]]
            #expect(queues?.compactMap { $0["queue"] as? String } == ["celery", "other"])
            #expect(queues?.allSatisfy { $0["rates"] is [String: Any] } == true)
            let object =
                try JSONSerialization.jsonObject(
                    with: Data(try await system.output("stats", "--json", "--measure", "0.1").utf8)) as? [String: Any]
            #expect(object?["rates"] is [String: Any] && object?["oldestWaitingSeconds"] is Double)
            let wrong = try await system.tool("stats", "--measure", "-1")
            #expect(wrong.status == .code(64))
        }
    }

    @Test func whereNothingIsItIsSaid() async throws {
        try await ToolSystem.run { system in
            for (command, answer) in [
                ("list", "nothing waits in the queue celery"),
                ("scheduled", "nothing is scheduled in the queue celery"),
                ("workers", "the queue has no worker"), ("dead", "no dead letters"),
            ] {
                #expect(try await system.output(command) == "\(answer)\n")
            }
            let empty = try await system.tool("stats", "--measure", "0")
            #expect(empty.status == .code(0) && empty.errorOutput.contains("nor any other queue"))
            try await system.producer.enqueue(sendCode, sending())
            let mistyped = try await system.tool("stats", "--measure", "0", "-Q", "celerey", "--json")
            #expect(mistyped.errorOutput.contains("nobody has used a queue celerey in this database, but celery"))
            #expect(try await system.tool("stats", "--measure", "0").errorOutput.isEmpty)
            let tooMany = try await system.tool("list", "--limit", "10001")
            #expect(tooMany.status == .code(64) && tooMany.errorOutput.contains("from 1 to 10000"))
        }
    }

    @Test func sendListScheduledCancelAndPurgeWorkTogether() async throws {
        try await ToolSystem.run { system in
            let id = try await system.output("send", "send_code", #"["13800138000", "123456"]"#, "--priority", "9")
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let list = try await system.output("list")
            #expect(list.contains(id) && list.contains("138****8000") && !list.contains(Self.code))
            #expect(try await system.output("list", "--reveal").contains(Self.code))
            #expect(try await system.output("cancel", id, "--dry-run").contains("would be cancelled"))
            #expect(try await system.output("cancel", id).contains("cancelled"))
            #expect(try await system.tool("cancel", id).status == .code(1))

            _ = try await system.output(
                "send", "send_code", "[]", "--named", #"{"mobile": "+8613800138000"}"#, "--expires", "60")
            _ = try await system.output("send", "other", #"["13900139000"]"#)
            let mobile = try await system.json(CancelResult.self, "cancel", "--mobile", Self.mobile)
            #expect(mobile.cancelled.count == 1 && mobile.cancelled.first?.task.arguments?.contains("****") == true)

            let unasked = try await system.tool("purge")
            #expect(unasked.status == .code(64) && unasked.errorOutput.contains("--yes"))
            #expect(try await system.output("purge", "--dry-run").contains("1 would be thrown away"))
            #expect(try await system.output("purge", "--yes") == "1 thrown away\n")

            for wrong in [["send", "a", "{}"], ["send", "a", "["], ["send", "a", "[]", "--named", "[]"]] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), wrong, environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(
                    finished.status == .code(1) && finished.errorOutput.contains("expected the arguments as a JSON"))
            }
            for wrong in [["cancel"], ["cancel", "a", "--mobile", "1"], ["send", "a", "--priority", "10"]] {
                let finished = try await Program.run(Program.built("sms-queue"), wrong)
                #expect(finished.status == .code(64))
            }
        }
    }

    @Test func cancelTakesNothingBackForWhatIsNoNumber() async throws {
        try await ToolSystem.run { system in
            // What an empty number would fit.
            let id = try await system.output("send", "send_code", #"["", "+86"]"#)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            for (wrong, words) in [
                (["--mobile", "unknown"], "--mobile unknown: expected a phone number, such as"),
                (["--mobile", "+86"], "--mobile +86: expected"), (["--mobile", ""], "is empty"),
                (["--argument", ""], "is empty"), ([""], "is empty"),
                (["", "--mobile", Self.mobile], "one of the three"),
                (["--mobile", "\(Self.mobile)x"], "--mobile 138****8000x: expected"),
            ] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), ["cancel"] + wrong,
                    environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(finished.status == .code(64), "\(wrong)")
                #expect(finished.errorOutput.contains(words), "\(wrong): \(finished.errorOutput)")
                #expect(!finished.errorOutput.contains("\(Self.mobile)x"))
            }
            #expect(try await system.redis.cli("LLEN", "celery", database: 3) == "1")

            let none = try await system.tool("cancel", "none")
            #expect(none.errorOutput.contains("no task none waits in the queue celery; sms-queue list shows"))
            _ = try await system.output("send", "send_sealed_code", #"["138****8000", "x"]"#)
            let unseen = try await system.tool("cancel", "--mobile", Self.mobile)
            #expect(unseen.status == .code(1) && !unseen.errorOutput.contains(Self.mobile))
            #expect(unseen.errorOutput.contains("1 sealed job could not be looked into"), "\(unseen.errorOutput)")
            _ = try await system.producer.enqueue(sendCode, sending())
            let some = try await system.tool("cancel", "--mobile", Self.mobile)
            #expect(some.status == .code(0) && some.errorOutput.contains("1 sealed job could not"))
            #expect(try await system.output("cancel", id).contains("cancelled"))
        }
    }

    @Test func whatIsScheduledIsListed() async throws {
        try await ToolSystem.run { system in
            try await system.running { _, _ in
                0
            } _: { _ in
                let id = try await system.output(
                    "send", "send_code", #"["13800138000","123456"]"#, "--countdown", "600"
                )
                .trimmingCharacters(in: .whitespacesAndNewlines)
                try await eventually("it is scheduled") {
                    try await system.redis.cli("ZCARD", "{celery}:scheduled", database: 3) == "1"
                }
                let text = try await system.output("scheduled")
                #expect(text.contains(id) && text.contains("min") && !text.contains(Self.code))
                #expect(try await system.json([ScheduledTask].self, "scheduled").first?.task.id == id)
                #expect(try await system.output("show", id).contains("a task with a later time"))
            }
        }
    }

    @Test func deadLettersAreFoundByTheirTaskAndTriedOut() async throws {
        try await ToolSystem.run { system in
            try await system.bury("l1", task: "t1")
            try await system.bury("l2", task: "t2", reason: "poison")
            let shown = try await system.output("dead", "show", "t1")
            #expect(shown.contains("l1 (the dead letter of the task that was asked for)"))
            #expect(shown.contains("138****8000") && !shown.contains(Self.mobile))
            #expect(try await system.output("dead", "show", "l1", "--reveal").contains(Self.code))
            let trial = try await system.output("dead", "retry", "--reason", "throttled", "--dry-run")
            #expect(trial.contains("1 would be put back") && trial.contains("138****8000"))
            #expect(try await system.output("dead", "delete", "--all", "--dry-run").contains("2 would be deleted"))
            #expect(try await system.output("dead", "retry", "t1", "--rate", "5", "--yes") == "1 put back\n")
            #expect(try await system.output("dead", "delete", "t2") == "1 deleted\n")
            #expect(try await system.redis.cli("LLEN", "celery", database: 3) == "1")
        }
    }

    @Test func doctorTellsMendsAndEndsWithTwoWhenSomethingIsWrong() async throws {
        try await ToolSystem.run { system in
            let sound = try await system.tool("doctor")
            #expect(sound.status == .code(0) && sound.output.contains("Nothing is wrong."))
            try await system.redis.cli("HSET", "{celery}:dead:messages", "lost", "{}", database: 3)
            for arguments in [["doctor"], ["doctor", "--repair", "--dry-run"]] {
                let found = try await Program.run(
                    Program.built("sms-queue"), arguments,
                    environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(found.status == .code(2) && found.output.contains("would be mended"), "\(found.output)")
            }
            let mended = try await system.tool("doctor", "--repair")
            #expect(mended.status == .code(0) && mended.output.contains("mended: "), "\(mended.output)")
            let report = try await system.json(DoctorReport.self, "doctor")
            #expect(report.isHealthy && report.checks.allSatisfy { $0.state == .ok }, "\(report)")
        }
    }

    @Test func benchMeasuresAndLeavesNothing() async throws {
        try await ToolSystem.run { system in
            let text = try await system.output("bench", "--tasks", "200")
            #expect(text.contains("run and acknowledged") && text.contains("wait for an idle worker"))
            #expect(try await system.redis.cli("DBSIZE", database: 3) == "0")
        }
    }

    @Test func benchLeavesNothingWhenItIsStopped() async throws {
        try await ToolSystem.run { system in
            let program = try Program.start(
                Program.built("sms-queue"), ["bench", "--tasks", "1000000"],
                environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
            try await eventually("it has begun") { try await system.redis.cli("DBSIZE", database: 3) != "0" }
            program.signal(SIGINT)
            #expect(try await program.waitForExit() == .code(1))
            #expect(program.errorOutput.contains("stopped; the queue of the test is removed"))
            #expect(try await system.redis.cli("DBSIZE", database: 3) == "0")
        }
    }

    @Test func everyCommandSpeaksJSON() async throws {
        try await ToolSystem.run { system in
            let id = try await system.producer.enqueue(sendCode, sending()).text
            try await system.bury("l1", task: "t1")
            try await runEveryCommand(at: system.redis.url(database: 3), task: id)
        }
    }

    /// All commands as JSON, beside a job with that id and the dead letter `l1`.
    private func runEveryCommand(at url: String, task id: String) async throws {
        let commands: [[String]] = [
            ["stats", "--measure", "0"], ["stats", "--all"], ["list"], ["scheduled"], ["workers"], ["show", id],
            ["dead"], ["dead", "list"], ["dead", "show", "l1"], ["dead", "retry", "--all", "--dry-run"],
            ["dead", "delete", "--all", "--dry-run"], ["pause"], ["resume"], ["doctor"], ["doctor", "--repair"],
            ["cancel", id, "--dry-run"],
            ["cancel", "--mobile", Self.mobile], ["send", "a", "[]"], ["purge", "--dry-run"], ["purge", "--yes"],
            ["dead", "retry", "--reason", "throttled", "--rate", "10"], ["purge", "--all", "--yes"],
            ["dead", "delete", "--all", "--yes"], ["audit"], ["audit", "verify"], ["bench", "--tasks", "10"],
        ]
        for command in commands {
            let finished = try await Program.run(
                Program.built("sms-queue"), command + ["--json"], environment: ["SMS_BROKER_URL": url])
            #expect(finished.status == .code(0), "\(command): \(finished.errorOutput)")
            #expect(throws: Never.self, "\(command): \(finished.output)") {
                try JSONSerialization.jsonObject(with: Data(finished.output.utf8))
            }
            #expect(!finished.output.contains(Self.mobile) && !finished.output.contains(Self.code), "\(command)")
        }
    }

    /// A job sent through the tool, a dead letter, then all commands.
    private func expectEveryCommand(at url: String, on redis: RedisServer, database: Int) async throws {
        let sent = try await Program.run(
            Program.built("sms-queue"), ["send", "send_code", #"["\#(Self.mobile)","\#(Self.code)"]"#],
            environment: ["SMS_BROKER_URL": url])
        #expect(sent.status == .code(0), "\(sent.errorOutput)")
        try await ToolSystem.bury("l1", task: "t1", in: redis, database: database)
        #expect(try await redis.cli("LLEN", "celery", database: database) == "1")
        try await runEveryCommand(at: url, task: sent.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// What no worker and no producer of this library would write, in every place.
    @Test(arguments: [
        "{", "\u{1B}[31m\u{202E}", #"{"headers":{"id":"x","task":7}}"#, #"{"headers":{"id":"x"},"properties":[]}"#,
        #"{"body":"////","headers":{"id":"x","task":"t"},"content-type":"application/json","properties":{"body_encoding":"base64","priority":1e99}}"#,
    ])
    func garbageEndsNoCommandBadly(_ garbage: String) async throws {
        try await ToolSystem.run { system in
            func redis(_ arguments: String...) async throws {
                _ = try await system.client.send(
                    RedisCommand(arguments[0], arguments: Array(arguments.dropFirst()).map { $0 as any RedisArgument }))
            }
            for band in PriorityBand.allCases { try await redis("LPUSH", band.list(of: "celery"), garbage, "") }
            try await redis("ZADD", "{celery}:scheduled", "inf", garbage, "-1", "y")
            try await redis("ZADD", "{celery}:workers", "1e18", garbage, "-inf", "gone")
            try await redis("HSET", "{celery}:claimed:\(garbage)", "1", garbage, "x", garbage, "1:sent", garbage)
            try await redis("LPUSH", "{celery}:arriving:\(garbage)", garbage)
            try await redis("SADD", "{celery}:limited", garbage)
            try await redis("ZADD", "{celery}:limited:\(garbage)", "1", garbage)
            try await redis("ZADD", "{celery}:dead", "-inf", "l", "1", garbage)
            try await redis("HSET", "{celery}:dead:messages", "l", garbage, garbage, garbage)
            try await redis("HSET", "{celery}:dead:details", "l", garbage)
            try await redis("HSET", "{celery}:stats", garbage, garbage, "dead", "9223372036854775807")
            try await redis("HSET", "sms:breakers", garbage, garbage)
            let commands: [[String]] = [
                ["stats", "--measure", "0.1"], ["stats", "--all"], ["list"], ["list", "--reveal"], ["scheduled"],
                ["workers"], ["show", "x"], ["show", "l"], ["dead"], ["dead", "show", "l"],
                ["cancel", "x", "--dry-run"],
                ["cancel", "--argument", "1", "--dry-run"], ["dead", "retry", "--all", "--dry-run"], ["doctor"],
                ["doctor", "--repair"], ["purge", "--all", "--yes"],
            ]
            for command in commands {
                let finished = try await Program.run(
                    Program.built("sms-queue"), command,
                    environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                guard case .code(let code) = finished.status, (0...2).contains(code) else {
                    Issue.record("\(command): \(finished.status) \(finished.errorOutput)")
                    continue
                }
                let mayFind = ["show", "cancel", "doctor"].contains(command[0])
                #expect(code == 0 || mayFind, "\(command): \(finished.errorOutput)")
                #expect(!finished.output.contains("\u{1B}") && !finished.output.contains("\u{202E}"), "\(command)")
            }
        }
    }

    // MARK: - Live

    @Test func watchPrintsAgainAndAgainWhereThereIsNoTerminal() async throws {
        try await ToolSystem.run { system in
            let program = try Program.start(
                Program.built("sms-queue"), ["watch", "--json", "--interval", "0.1"],
                environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
            try await eventually("three lines") { program.outputLines.count >= 3 }
            program.signal(SIGINT)
            #expect(try await program.waitForExit() == .code(0))
            for line in program.outputLines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["queue"] as? String == "celery")
            }
        }
    }

    @Test func watchTakesTheTerminalAndGivesItBack() async throws {
        try await ToolSystem.run { system in
            try await system.producer.enqueue(sendCode, sending())
            let program = try Program.start(
                tool("script", package: "bsdutils"),
                [
                    "--quiet", "--return", "--flush", "--command",
                    "stty cols 70 rows 9; exec \(Program.built("sms-queue")) watch --interval 0.1", "/dev/null",
                ],
                environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
            try await eventually("it shows the queue") { program.output.contains("▁▁▁") }
            try await system.redis.cli("CLIENT", "KILL", "TYPE", "normal", database: 3)
            // The session that `script` made has one program in it.
            let children = try String(
                contentsOfFile: "/proc/\(program.pid)/task/\(program.pid)/children", encoding: .utf8)
            let pid = try #require(Int32(children.trimmingCharacters(in: .whitespacesAndNewlines)))
            kill(pid, SIGWINCH)
            kill(pid, SIGINT)
            #expect(try await program.waitForExit() == .code(0))
            let output = program.output
            #expect(output.contains("\u{1B}[?1049h") && output.contains("waiting"))
            #expect(output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
            let picture = output.components(separatedBy: "\u{1B}[H").last ?? ""
            #expect(picture.components(separatedBy: "\r\n").count <= 9)
        }
    }

    @Test func aTickStandsForAResizeWhileNobodyLooks() async throws {
        let (stream, events) = TerminalEvents.latest()
        for _ in 0..<1000 { TerminalEvents.add(.tick, to: events) }
        TerminalEvents.add(.resized, to: events)
        var waiting = stream.makeAsyncIterator()
        let first = await waiting.next()
        TerminalEvents.add(.resized, to: events)
        events.finish()
        let (second, end) = (await waiting.next(), await waiting.next())
        #expect(first == .tick && second == .resized && end == nil)
    }

    @Test func aBenchmarkEndsWhenNothingMoves() {
        let start = ContinuousClock.now
        var standstill = Standstill(since: start)
        for minute in 0..<100 {
            let isTooLong = standstill.isTooLong(minute, at: start + .seconds(59 * minute))
            #expect(!isTooLong)
        }
        let isTooLong = standstill.isTooLong(99, at: start + .seconds(59 * 99 + 60))
        #expect(isTooLong)
    }

    /// Redis hangs for as long as nothing is shown.
    @Test(arguments: [
        (["list"], "reading what waits"), (["workers"], "reading what workers hold"),
        (["stats", "--measure", "0"], "measuring"), (["stats", "--all", "--measure", "0"], "measuring"),
        (["purge", "--dry-run"], "counting"), (["audit", "verify"], "verifying"),
        (["scheduled"], "reading what is scheduled"),
    ])
    func longWorkTellsThatItGoesOn(_ command: [String], _ words: String) async throws {
        try await ToolSystem.run { system in
            try await system.redis.cli("CLIENT", "PAUSE", "100000", "ALL", database: 3)
            let program = try onTerminal(command, system)
            try await eventually("it says what it does") { program.output.contains("\r\(words)") }
            program.signal(SIGKILL)
            _ = try await program.waitForExit()
        }
    }

    @Test func theDoctorTellsWhatItWaitsFor() async throws {
        try await ToolSystem.run { system in
            try await system.redis.cli("HSET", "{celery}:claimed:ghost", "1", "{}", database: 3)
            let program = try onTerminal(["doctor"], system)
            #expect(try await program.waitForExit() == .code(2))
            #expect(program.output.contains("\rclaims: 1"), "\(program.output)")
            #expect(program.output.contains("1 of 15 is wrong"))
        }
    }

    @Test func whatCouldNotBeLookedAtIsNotCountedAsWrong() async throws {
        try await ToolSystem.run { system in
            try await system.redis.cli("SET", "{celery}:workers", "text", database: 3)
            let found = try await system.tool("doctor")
            #expect(found.status == .code(2))
            #expect(found.output.contains(/1 of [0-9]+ is wrong.*could not be looked at: [0-9]/), "\(found.output)")
        }
    }

    /// The tool on a terminal of its own.
    private func onTerminal(_ command: [String], _ system: ToolSystem) throws -> Program {
        try Program.start(
            tool("script", package: "bsdutils"),
            [
                "--quiet", "--return", "--flush", "--command",
                "exec \(Program.built("sms-queue")) \(command.joined(separator: " "))", "/dev/null",
            ],
            environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
    }

    // MARK: - Addresses

    @Test func itWorksOverTLS() async throws {
        let certificates = try await TLSCertificates.make()
        let redis = try await RedisServer.start(tls: RedisServerTLS(certificates))
        let url = try redis.tlsURL(authority: certificates.authority)
        try await expectEveryCommand(at: url, on: redis, database: 0)
    }

    @Test func itWorksWithSentinels() async throws {
        let group = try await SentinelGroup.start()
        try await expectEveryCommand(at: group.url(database: 3), on: try await group.master(), database: 3)
    }

    @Test func aRedisThatIsAwayIsSaidOnOneLine() async throws {
        let port = try freePort()
        for command in ["stats", "watch", "doctor", "workers"] {
            let finished = try await Program.run(
                Program.built("sms-queue"), [command, "--broker", "redis://127.0.0.1:\(port)/0"])
            #expect(finished.status == .code(1))
            #expect(finished.errorOutput.split(separator: "\n").count == 1, "\(finished.errorOutput)")
            #expect(finished.output.isEmpty)
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionIsGenerated(_ shell: String) async throws {
        let finished = try await Program.run(
            Program.built("sms-queue"), ["--generate-completion-script", shell])
        #expect(finished.status == .code(0) && finished.output.contains("doctor"))
        guard shell == "bash" else { return }
        let read = "\"$0\" --generate-completion-script bash | bash -n"
        #expect(try await Program.run("bash", ["-c", read, Program.built("sms-queue")]).status == .code(0))
    }

    @Test func aReasonThatNoDeadLetterHasIsToldWithThoseThereAre() async throws {
        try await ToolSystem.run { system in
            for (id, reason) in [("l1", "throttled"), ("l2", "throttled"), ("l3", "poison")] {
                try await system.redis.cli("ZADD", "{celery}:dead", "1", id, database: 3)
                try await system.redis.cli("HSET", "{celery}:dead:messages", id, "{}", database: 3)
                try await system.redis.cli(
                    "HSET", "{celery}:dead:details", id, #"{"reason":"\#(reason)"}"#, database: 3)
            }
            let told = "none of 3 dead letters has the reason throtled; there are: throttled 2, poison 1"
            for command in [["list"], ["retry"], ["delete", "--yes"]] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), ["dead"] + command + ["--reason", "throtled"],
                    environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(finished.errorOutput.contains(told), "\(command): \(finished.errorOutput)")
            }
            let other = try await system.tool("dead", "list", "--reason", "poison", "--task", "none")
            #expect(other.output == "no such dead letters\n" && other.errorOutput.isEmpty)
        }
    }

    @Test func allQueuesAreFoundWhoeverHasFilledThem() async throws {
        try await ToolSystem.run { system in
            let message =
                #"{"body":"[[],{},{}]","content-type":"application/json","headers":{"task":"a","id":"1"},"properties":{}}"#
            try await system.redis.cli("LPUSH", "chores", message, database: 3)
            try await system.redis.cli("LPUSH", "late\u{06}\u{16}9", message, database: 3)
            try await system.redis.cli("LPUSH", "shopping", "milk", database: 3)
            try await system.redis.cli("SADD", "_kombu.binding.mail", "mail\u{06}\u{16}\u{06}\u{16}mail", database: 3)
            try await system.redis.cli(
                "SADD", "_kombu.binding.celery.pidbox", "\u{06}\u{16}\u{06}\u{16}celery@host.celery.pidbox", database: 3
            )
            try await system.redis.cli("HSET", "{celery}:stats", "claimed", "1", database: 3)
            let queues = try await system.json([QueueStatistics].self, "stats", "--all")
            #expect(queues.map(\.queue) == ["celery", "chores", "late", "mail"])
        }
    }

    @Test func aNumberBelowZeroIsToldWhatIsExpected() async throws {
        try await ToolSystem.run { system in
            for (words, told) in [
                (["stats", "--measure", "-1"], "--measure -1.0: expected seconds from 0 to 3600"),
                (["send", "a", "--countdown", "-3"], "--countdown -3.0: expected seconds from 0"),
                (["list", "--limit", "-1"], "--limit -1: expected a number from 1"),
            ] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), words, environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(finished.status == .code(64) && finished.errorOutput.contains(told), "\(finished.errorOutput)")
            }
        }
    }

    @Test func whatIsMistypedIsToldWhatIsNearest() async throws {
        try await ToolSystem.run { system in
            let subcommand = try await system.tool("stat")
            #expect(subcommand.status == .code(64))
            #expect(subcommand.errorOutput.contains("there is no subcommand stat; the nearest is stats"))
            let key = try await system.tool("pause", "--audit-key", "/no/such")
            #expect(key.status == .code(78) && key.errorOutput.contains("cannot read /no/such: "), "\(key.errorOutput)")
            try await system.redis.cli("SET", "celery", "x", database: 3)
            for command in ["stats", "list"] {
                let told = try await system.tool(command).errorOutput
                #expect(told.contains("sms-queue doctor tells which key of the queue celery it is"), "\(told)")
            }
        }
    }
}
