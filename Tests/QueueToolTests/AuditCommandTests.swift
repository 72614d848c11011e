import Foundation
import TaskQueue
import TestSupport
import Testing

/// What `sms-queue` writes down of changes, and `sms-queue audit`.
@Suite(.timeLimit(.minutes(5))) struct AuditCommandTests {
    private static let stream = "{celery}:audit"
    private static let mobile = "13800138000"
    private static let code = "123456"

    private func entries(_ system: ToolSystem) async throws -> [AuditEntry] {
        try await system.json([AuditEntry].self, "audit", "--limit", "100").reversed()
    }

    @Test func eachChangeIsWrittenDownWithWhoAndHowMany() async throws {
        try await ToolSystem.run { system in
            func run(_ arguments: [String]) async throws {
                let finished = try await Program.run(
                    Program.built("sms-queue"), arguments,
                    environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(finished.status == .code(0), "\(arguments): \(finished.errorOutput)")
            }
            for letter in ["l1", "l2", "l3"] { try await system.bury(letter, task: "t-\(letter)") }
            try await system.redis.cli("HSET", "{celery}:dead:messages", "lost", "{}", database: 3)
            let send = ["send", "send_code", #"["\#(Self.mobile)", "\#(Self.code)"]"#, "--id"]
            let changes: [(command: [String], subject: String, count: Int?)] = [
                (["pause"], "", nil), (["resume"], "", nil), (["doctor", "--repair"], "", 1),
                (["dead", "retry", "t-l1"], "t-l1", 1),
                (["dead", "retry", "--reason", "throttled"], "--reason throttled", 2), (["purge", "--yes"], "", 3),
                (send + ["j1"], "send_code j1", 1), (["cancel", "j1"], "j1", 1), (send + ["j2"], "send_code j2", 1),
                (["cancel", "--mobile", Self.mobile], "--mobile", 1),
                (send + [Self.mobile], "send_code 138****8000", 1),
                (["cancel", "--argument", Self.code], "--argument", 1),
                (["dead", "delete", "--all", "--yes"], "--all", 1),
            ]
            for change in changes { try await run(change.command) }
            let entries = try await entries(system)
            #expect(entries.count == 2 * changes.count)
            #expect(entries.map(\.number) == Array(1...entries.count))
            let user = NSUserName()
            for (index, change) in changes.enumerated() where entries.count == 2 * changes.count {
                let (begun, done) = (entries[2 * index], entries[2 * index + 1])
                let action = change.command.prefix { !$0.hasPrefix("-") || $0 == "--repair" }.joined(separator: " ")
                #expect(begun.state == "begun" && action.hasPrefix(begun.action), "\(begun)")
                #expect(done.state == "done" && done.beginning == begun.number, "\(done)")
                #expect(done.count == change.count && done.subject == change.subject, "\(change.command): \(done)")
                #expect(done.actor.contains("\(user)@"), "\(done.actor)")
            }
            let stored = try await system.redis.cli("XRANGE", Self.stream, "-", "+", database: 3)
            #expect(!stored.contains(Self.mobile) && !stored.contains(Self.code))
            #expect(try await system.output("audit").contains("dead delete"))
            #expect(try await system.output("audit", "verify").contains("as it was written: \(entries.count) entries"))
        }
    }

    @Test func whatChangesNothingIsNotWrittenDown() async throws {
        try await ToolSystem.run { system in
            try await system.bury("l1")
            let id = try await system.producer.enqueue(sendCode, Sending(mobile: Self.mobile, code: Self.code)).text
            for command in [
                ["dead", "retry", "--all", "--dry-run"], ["dead", "delete", "--all", "--dry-run"],
                ["purge", "--dry-run"], ["cancel", id, "--dry-run"], ["doctor"], ["doctor", "--repair", "--dry-run"],
                ["stats", "--measure", "0"], ["list"], ["audit"], ["audit", "verify"],
            ] {
                let finished = try await Program.run(
                    Program.built("sms-queue"), command, environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
                #expect(finished.status == .code(0), "\(command): \(finished.errorOutput)")
            }
            #expect(try await system.redis.cli("EXISTS", Self.stream, database: 3) == "0")
        }
    }

    @Test func verifyEndsWithTwoWhenSomethingWasTakenAway() async throws {
        try await ToolSystem.run { system in
            for command in ["pause", "resume"] { _ = try await system.output(command) }
            let mark = try #require(try await system.json(AuditVerification.self, "audit", "verify").mark)
            _ = try await system.output("pause")
            #expect(try await system.tool("audit", "verify", "--noted", mark).status == .code(0))
            try await system.redis.cli("XDEL", Self.stream, "2-0", database: 3)
            let found = try await system.tool("audit", "verify")
            #expect(found.status == .code(2) && found.output.contains("entry 2 is missing"), "\(found.output)")
            let wrong = try await system.tool("audit", "verify", "--noted", "yesterday")
            #expect(wrong.status == .code(64) && wrong.errorOutput.contains("42:3f0c"))
        }
    }

    @Test func withAKeyItsEntriesAreSigned() async throws {
        try await ToolSystem.run { system in
            let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let key = folder.appending(path: "key")
            try Data(repeating: 7, count: 32).write(to: key)
            _ = try await system.output("pause", "--audit-key", key.path)
            let signed = try await system.output("audit", "verify", "--audit-key", key.path)
            #expect(signed.contains("2 entries, 2 of them signed."))
            let unchecked = try await system.output("audit", "verify")
            #expect(unchecked.contains("2 of them signed (signatures were NOT checked: give --audit-key)"))
            _ = try await system.output("resume")
            let unsigned = try await system.tool("audit", "verify", environment: ["SMS_AUDIT_KEY_FILE": key.path])
            #expect(unsigned.status == .code(2) && unsigned.output.contains("entry 3 is not signed"))
            try Data(repeating: 7, count: 31).write(to: key)
            let short = try await system.tool("audit", "--audit-key", key.path)
            #expect(short.status == .code(78) && short.errorOutput.contains("openssl rand"), "\(short.errorOutput)")
        }
    }

    @Test func whatCannotBeWrittenDownIsNotDone() async throws {
        try await ToolSystem.run { system in
            _ = try await system.producer.enqueue(sendCode, Sending(mobile: Self.mobile, code: Self.code))
            try await system.redis.cli("SET", Self.stream, "x", database: 3)
            let purge = try await system.tool("purge", "--yes")
            #expect(purge.status == .code(1) && purge.errorOutput.contains("nothing was done"), "\(purge.errorOutput)")
            #expect(try await system.redis.cli("LLEN", "celery", database: 3) == "1")
        }
    }
}
