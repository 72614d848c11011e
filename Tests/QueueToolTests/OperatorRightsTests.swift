import Foundation
import TaskQueue
import TestSupport
import Testing

/// What somebody who mends a queue may do in Redis with the rights that the guide for production names.
@Suite(.timeLimit(.minutes(5))) struct OperatorRightsTests {
    private func withOperator(_ body: (ToolSystem, [String: String]) async throws -> Void) async throws {
        try await ToolSystem.run { system in
            let words = try DocumentedUser.words("ada")
            let answer = try await Program.run(
                tool("redis-cli", package: "redis-tools"), ["-p", "\(system.redis.port)", "ACL", "SETUSER"] + words)
            #expect(answer.output == "OK\n")
            try await body(
                system, ["SMS_BROKER_URL": "redis://ada:secret@127.0.0.1:\(system.redis.port)/3"])
        }
    }

    /// Nothing was refused by the server, not even what the tool makes do without.
    private func expectNoRefusal(_ system: ToolSystem) async throws {
        let refused = try await system.redis.cli("ACL", "LOG")
        #expect(refused.isEmpty, "\(refused)")
    }

    @Test func allCommandsWork() async throws {
        try await withOperator { system, environment in
            for letter in ["l1", "l2", "l3"] { try await system.bury(letter, task: "t-\(letter)") }
            let sending = Sending(mobile: "13800138000", code: "123456")
            let id = try await system.producer.enqueue(sendCode, sending).text
            _ = try await system.producer.enqueue(sendCode, sending, countdown: .seconds(600))
            for command in [
                ["pause"], ["stats", "--measure", "0"], ["list"], ["scheduled"], ["workers"], ["show", id],
                ["cancel", id], ["send", "send_code", #"["13800138000", "1"]"#], ["cancel", "--mobile", "13800138000"],
                ["dead", "list"], ["dead", "show", "l1"], ["dead", "retry", "l1"],
                ["dead", "retry", "--reason", "throttled"], ["purge", "--all", "--yes"], ["resume"],
                ["doctor", "--repair"], ["audit", "list"], ["audit", "verify"],
            ] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), command, environment: environment)
                #expect(finished.status == .code(0), "\(command): \(finished.output)\(finished.errorOutput)")
                if command[0] == "doctor" {
                    #expect(finished.output.contains("may do all that a worker does"), "\(finished.output)")
                    #expect(!finished.output.contains("warning") && !finished.output.contains("may not"))
                }
            }
            try await expectNoRefusal(system)
        }
    }

    @Test func allPagesOfTheConsoleWork() async throws {
        try await withOperator { system, environment in
            for letter in ["l1", "l2"] { try await system.bury(letter) }
            let id = try await system.producer.enqueue(sendCode, Sending(mobile: "13800138000", code: "1")).text
            let console = try await ConsoleVisit.start(system, environment: environment)
            for path in ["/", "/jobs", "/jobs?state=scheduled", "/job?id=\(id)", "/dead", "/workers", "/limits"] {
                let page = try await console.get(path)
                #expect(page.status == 200, "\(path): \(page.text)")
            }
            let plan = try await console.get("/dead/plan?action=retry&all=yes")
            #expect(try await console.send("/dead/retry", of: plan).status == 303)
            #expect(try await console.send("/queue/pause", of: console.get("/")).status == 303)
            try await console.get("/").has("paused: what runs goes on")
            #expect(try await AuditLog(client: system.client, queue: "celery").entries(limit: 9).count == 4)
            try await expectNoRefusal(system)
        }
    }

    @Test func whatIsNoneOfTheirWorkIsRefused() async throws {
        try await withOperator { system, environment in
            for words in [
                ["FLUSHALL"], ["FLUSHDB"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["MONITOR"], ["SHUTDOWN"],
                ["ACL", "SETUSER", "ada"], ["SAVE"], ["DEBUG", "SLEEP", "0"], ["GET", "sms:code:1"],
                ["SET", "sms:breakers", "1"], ["DEL", "sms:delivery:message:1"], ["LPUSH", "other", "x"],
                ["PUBLISH", "other", "x"], ["DEL", "{celery}:audit"], ["UNLINK", "{celery}:audit"],
                ["RENAME", "{celery}:audit", "{celery}:old"], ["XDEL", "{celery}:audit", "1-0"],
                ["XTRIM", "{celery}:audit", "MAXLEN", "0"], ["XSETID", "{celery}:audit", "1-0"],
                ["EXPIRE", "{celery}:audit", "1"], ["SET", "{celery}:audit", "x"],
            ] {
                let answer = try await Program.run(
                    tool("redis-cli", package: "redis-tools"),
                    ["-p", "\(system.redis.port)", "ACL", "DRYRUN", "ada"] + words)
                #expect(answer.output.contains("no permissions"), "\(words): \(answer.output)")
            }
            _ = try await system.tool("pause", environment: environment)
            let file = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            let archive = ["audit", "archive", "--file", file, "--keep", "1s"]
            // Until the entries are old enough to be archived, there is nothing to refuse.
            try await eventually("it is refused") {
                let refused = try await Program.run(Program.built("sms-queue"), archive, environment: environment)
                return refused.status == .code(1) && refused.errorOutput.contains("xtrim")
            }
            try await system.redis.cli(
                "ACL", "SETUSER", "ada", "clearselectors",
                "(~{celery}:audit -@all +eval +evalsha +script|load +time +exists +xinfo|stream +xadd +xtrim)")
            let archived = try await Program.run(Program.built("sms-queue"), archive, environment: environment)
            #expect(archived.status == .code(0), "\(archived.errorOutput)")
        }
    }
}
