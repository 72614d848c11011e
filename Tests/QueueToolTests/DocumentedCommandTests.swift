import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

/// Every command that the documentation shows for looking into a queue, run as it stands beside a live one.
@Suite(.timeLimit(.minutes(5))) struct DocumentedCommandTests {
    private static let page = "Sources/TaskQueue/TaskQueue.docc/RedisCommandLine.md"

    /// The lines of the blocks of shell commands, below a heading or all of the page.
    private func commands(_ path: String, below heading: String? = nil) throws -> [String] {
        var text = try String(contentsOfFile: "\(TestPython.packageFolder)/\(path)", encoding: .utf8)[...]
        if let heading {
            text = text[try #require(text.firstRange(of: "\n\(heading)\n")).upperBound...]
            if let next = text.firstRange(of: "\n#") { text = text[..<next.lowerBound] }
        }
        var commands: [String] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
            } else if isInside {
                commands.append(String(line))
            }
        }
        return commands
    }

    /// Something in each place of the queue, and what stands for it in the commands.
    private func withLiveQueue(
        _ body: (ToolSystem, [String: String]) async throws -> Void
    ) async throws {
        try await ToolSystem.run { system in
            let started = AsyncStream<Void>.makeStream()
            try await system.running { sending, context in
                if sending.code == "no" { throw TaskRejection("throttled", "too often") }
                if sending.code == "again" { throw TaskRetry("later", after: .seconds(200)) }
                if sending.code == "done" { return 0 }
                try await context.confirmClaim()
                started.continuation.yield()
                try await Task.sleep(for: .seconds(600))
                return 0
            } _: { worker in
                var ids: [String: String] = [:]
                for code in ["no", "again", "done", "hold"] {
                    ids[code] = try await system.producer.enqueue(
                        sendCode, Sending(mobile: "13800138000", code: code)
                    ).text
                }
                for await _ in started.stream { break }
                for (what, command) in [
                    ("a dead letter", ["ZCARD", "{celery}:dead"]), ("a retry", ["ZCARD", "{celery}:scheduled"]),
                    ("one that is done", ["HGET", "{celery}:stats", "succeeded"]),
                ] {
                    let count = RedisCommand(command[0], arguments: Array(command.dropFirst()))
                    try await eventually(what) { try await system.client.send(count).optional?.integer == 1 }
                }
                _ = try await system.output("pause")
                // The worker has seen the pause when it leaves what comes where it is.
                try await eventually("the worker has seen the pause") {
                    try await system.redis.cli("EXISTS", "{celery}:arriving:\(worker.id)", database: 3) == "0"
                }
                try await eventually("it is noted since when the worker holds what it holds") {
                    try await system.redis.cli("EXISTS", "{celery}:held:\(worker.id)", database: 3) == "1"
                }
                for priority in [0, 3, 6, 9, 0] {
                    ids["wait"] = try await system.producer.enqueue(
                        sendCode, Sending(mobile: "13800138000", code: "wait"), priority: priority
                    ).text
                }
                // What the worker had asked for before the pause came to it, and goes back.
                for (list, count) in [
                    ("celery", 2), ("celery\u{06}\u{16}3", 1), ("celery\u{06}\u{16}6", 1), ("celery\u{06}\u{16}9", 1),
                ] {
                    try await eventually("\(count) wait on \(list)") {
                        try await system.client.send(RedisCommand("LLEN", list)).integer == count
                    }
                }
                let limited = try #require(try await system.redis.cli("LINDEX", "celery", "0", database: 3) as String?)
                try await system.redis.cli("ZADD", "{celery}:limited:send_code", "1", "x\(limited)", database: 3)
                try await system.redis.cli("SADD", "{celery}:limited", "send_code", database: 3)
                try await system.redis.cli("SET", "{send_code}:rate", "1", database: 3)
                try await system.redis.cli("SET", "{celery}:scheduler", "s", database: 3)
                try await system.redis.cli("HSET", "{celery}:history", "000", #"{"at":1}"#, database: 3)
                try await system.redis.cli("HSET", "{celery}:periodic", "nightly", "1", database: 3)
                for id in ids.values {
                    try await system.redis.cli("SET", "celery-task-meta-\(id)", #"{"status":"SUCCESS"}"#, database: 3)
                }
                let letter = try await system.redis.cli("ZRANGE", "{celery}:dead", "0", "0", database: 3)
                try await body(
                    system,
                    [
                        "WORKER": worker.id, "TASK": "send_code", "LETTER": letter, "WAITING": ids["wait"] ?? "",
                        "HELD": ids["hold"] ?? "", "SCHEDULED": ids["again"] ?? "", "DEAD": ids["no"] ?? "",
                    ])
            }
        }
    }

    /// Runs one line in bash, in a terminal-less shell whose redis-cli talks to the test's server.
    private func run(
        _ line: String, _ system: ToolSystem, _ names: [String: String]
    ) async throws -> Program.Finished {
        let tools = URL(fileURLWithPath: try Program.built("sms-queue")).deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let start = """
            set -o pipefail
            redis-cli() { command redis-cli -e -p \(system.redis.port) "$@"; }
            MS=$(date +%s%3N)

            """
        return try await Program.run(
            "bash", ["-c", start + line],
            environment: names.merging([
                "PATH": "\(tools):\(path)", "SMS_BROKER_URL": system.redis.url(database: 3),
                "SMS_WEB_PORT": "\(try freePort())",
            ]) { $1 })
    }

    @Test func everyLineAboutRedisRuns() async throws {
        let lines = try commands(Self.page)
        #expect(lines.count > 45)
        try await withLiveQueue { system, names in
            for line in lines {
                var names = names
                let question = line.split(separator: "#").last.map(String.init) ?? ""
                // Which job is asked for.
                names["ID"] =
                    names[
                        question.contains("it wait, and")
                            ? "WAITING"
                            : question.contains("wait for its time?")
                                ? "SCHEDULED"
                                : question.contains("fail for good") ? "DEAD" : "HELD"]
                let finished = try await run(line, system, names)
                #expect(finished.status == .code(0), "\(line)\n\(finished.output)\(finished.errorOutput)")
                let answer = finished.output.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(!answer.isEmpty && finished.errorOutput.isEmpty, "\(line)\n\(finished.errorOutput)")
                try expect(answer, of: line, names)
            }
            #expect(try await system.redis.cli("LLEN", "celery", database: 3) == "0")
        }
    }

    /// What is known of some of the answers.
    private func expect(_ answer: String, of line: String, _ names: [String: String]) throws {
        let known: [(part: String, answer: String)] = [
            ("-n 3 LLEN celery   ", "2"), (#"x163'"#, "1"), ("x169'", "1"), ("ZCARD '{celery}:scheduled'", "1"),
            ("ZCARD '{celery}:dead'", "1"), ("grep -cE", "1"), ("EXISTS '{celery}:paused'", "1"),
            ("ZCOUNT '{celery}:workers' -inf", "0"), ("HGET '{celery}:stats' succeeded", "1"),
            ("for key in", "{celery}:claimed:\(names["WORKER"] ?? "")"), ("--pattern '{*}:stats'", "{celery}:stats"),
            ("SMEMBERS", "send_code"), (#"ZCARD "{celery}:limited"#, "1"),
        ]
        for (part, wanted) in known where line.contains(part) { #expect(answer == wanted, "\(line)") }
        if line.contains("0x$SENT") { #expect(Int(answer).map { $0 >= 0 } == true, "\(line): \(answer)") }
        if line.contains(#""task":"#), line.contains("uniq") { #expect(answer.contains("2 \"task\":\"send_code\"")) }
        if line.contains(#""reason":"#) { #expect(answer == "1 \"reason\":\"throttled\"") }
        if line.contains("grep -n") { #expect(answer.hasPrefix("2:")) }
    }

    @Test func whatIsAskedOfAnEmptyQueueIsAnsweredTruly() async throws {
        let lines = try commands(Self.page)
        let held = try #require(lines.first { $0.contains("how many does a worker hold?") })
        let waited = try #require(lines.first { $0.contains("has the next one waited?") })
        try await ToolSystem.run { system in
            let ofNobody = try await run(held, system, ["WORKER": "nobody"])
            #expect(ofNobody.output == "0\n")
            let ofNothing = try await run(waited, system, [:])
            #expect(ofNothing.output.isEmpty && ofNothing.errorOutput.isEmpty)
        }
    }

    /// What the runbook says to type, in its order; what belongs to other programs is not run.
    @Test func everyCommandOfTheRunbookRuns() async throws {
        let text = try String(
            contentsOfFile: "\(TestPython.packageFolder)/Scripts/observability/runbook.md", encoding: .utf8
        ).replacing(/\n +/, with: " ")
        var commands = text.matches(of: /`([^`]+)`/).map { String($0.1) }
            .filter { $0.hasPrefix("sms-queue ") || $0.hasPrefix("redis-cli ") }
        // How commands are made for another address, and in which database what is.
        commands.removeAll { $0.contains("…") || $0 == "redis-cli -u <url>" || $0.contains(/^redis-cli -n [23]$/) }
        #expect(commands.count > 35)
        try await withLiveQueue { system, names in
            for command in commands {
                let line = command.replacing("<url>", with: system.redis.url(database: 3))
                    .replacing("<id>", with: names["LETTER"] ?? "").replacing("<reason>", with: "throttled")
                let finished = try await run(line, system, names)
                #expect(finished.status == .code(0), "\(line)\n\(finished.output)\(finished.errorOutput)")
                // Of a reason that no dead letter has, those that there are are told.
                let told = finished.errorOutput.split(separator: "\n")
                    .filter { !$0.contains("dead letters has the reason") }
                #expect(told.isEmpty, "\(line)\n\(finished.errorOutput)")
                #expect(!line.contains(/[<>]/), "\(line)")
            }
        }
    }

    @Test(arguments: [
        ("README.md", "### With sms-queue", 10),
        ("Sources/QueueTool/QueueTool.docc/Commands.md", "## Every command", 20),
        ("Sources/DeliveryWorker/DeliveryWorker.docc/Providers.md", "## Circuit breakers", 4),
    ])
    func everyLineOfOtherPagesRuns(_ page: String, _ heading: String, _ fewest: Int) async throws {
        let lines = try commands(page, below: heading)
        #expect(lines.count > fewest)
        try await withLiveQueue { system, names in
            for line in lines where !line.hasPrefix("export PATH=") {
                var line = line.replacing("dead show <id>", with: "dead show \(names["LETTER"] ?? "")")
                    .replacing("dead retry <id>", with: "dead retry \(names["LETTER"] ?? "")")
                    .replacing("show <id>", with: "show \(names["HELD"] ?? "")")
                    .replacing("cancel <id>", with: "cancel \(names["WAITING"] ?? "")")
                // What goes on until Ctrl-C gets it.
                if line.hasPrefix("sms-queue watch") || line.hasPrefix("sms-queue web") {
                    line = "timeout --preserve-status --signal INT 5 \(line)"
                }
                let finished = try await run(line, system, names)
                #expect(finished.status == .code(0), "\(line)\n\(finished.output)\(finished.errorOutput)")
                #expect(!finished.output.contains("13800138000") || line.hasPrefix("redis-cli"), "\(line)")
            }
        }
    }
}
