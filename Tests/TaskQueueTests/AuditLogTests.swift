import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// The record of what people have done to a queue, and whether it shows when somebody changes it.
@Suite(.timeLimit(.minutes(5))) struct AuditLogTests {
    private static let stream = "{celery}:audit"
    private let key: AuditKey

    init() throws { key = try .test(1) }

    private func log(_ system: QueueSystem, key: AuditKey? = nil, queue: String = "celery") -> AuditLog {
        AuditLog(client: system.client, queue: queue, key: key)
    }

    private func event(_ action: String) -> AuditEvent {
        AuditEvent(actor: "ada@web1", action: action, subject: "--all", count: 3)
    }

    private func fill(_ log: AuditLog, _ count: Int) async throws {
        for number in 1...count { try await log.append(event("change \(number)")) }
    }

    @Test func aChangeIsWrittenDownBeforeAndAfter() async throws {
        try await QueueSystem.run { system in
            let log = log(system)
            var before: AuditEntry?
            let result = try await log.recording("purge", of: "--all 13800138000", by: "ada@web1", count: { $0 }) {
                before = try await log.entries(limit: 1).first
                return 17
            }
            #expect(result == 17 && before?.state == "begun")
            struct Broken: Error {}
            await #expect(throws: Broken.self) {
                try await log.recording("dead delete", by: "bob@web1") { throw Broken() }
            }
            let entries = try await log.entries(limit: 10)
            #expect(entries.map(\.number) == [4, 3, 2, 1])
            #expect(entries.map(\.state) == ["failed", "begun", "done", "begun"])
            #expect(entries.map(\.beginning) == [3, nil, 1, nil])
            #expect(entries.map(\.actor) == ["bob@web1", "bob@web1", "ada@web1", "ada@web1"])
            #expect(entries[2].count == 17 && entries[2].subject == "--all 138****8000")
            #expect(try await log.verify().isIntact)
        }
    }

    @Test(
        arguments: [
            ("13800138000", "138****8000"), ("mobile:13800138000, done", "mobile:138****8000, done"),
            ("--text +86 138 0013 8000", nil), ("138-0013-8000", nil), ("(555) 010-0199", nil),
            ("手机13800138000", "手机138****8000"), ("13800138000号", "138****8000号"),
            ("tel13800138000x", "tel138****8000x"),
            ("13800138000-", "138****8000-"),
            ("edf89878-5208-42b8-b337-123456789012", "edf89878-5208-42b8-b337-123456789012"),
            ("5ec44442-5208-42b8-b337-edf89878d899", "5ec44442-5208-42b8-b337-edf89878d899"),
            ("12345678-1234-4123-8123-abcdefabcdef", "12345678-1234-4123-8123-abcdefabcdef"),
            ("--after 2026-11-23T05:56:44.120Z --task a.b", "--after 2026-11-23T05:56:44.120Z --task a.b"),
            ("--all", "--all"), ("", ""),
        ] as [(String, String?)])
    func whatCouldBeANumberIsMasked(typed: String, written: String?) {
        let masked = AuditEvent.masking(typed)
        if let written { #expect(masked == written) } else { #expect(masked.contains("****")) }
        for digits in ["13800138000", "0013 8000", "0013-8000", "010-0199"] { #expect(!masked.contains(digits)) }
    }

    @Test func whatCannotBeWrittenDownIsNotDone() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("SET", Self.stream, "x"))
            var isDone = false
            let failure = await #expect(throws: AuditFailure.self) {
                try await log(system).recording("purge", by: "ada@web1") { isDone = true }
            }
            #expect(!isDone && failure?.isDone == false)
        }
    }

    @Test func aFullServerStillTakesEntries() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(RedisCommand("CONFIG", "SET", "maxmemory", "1"))
            try await log(system).append(event("purge"))
            #expect(try await log(system).entries(limit: 2).count == 1)
        }
    }

    @Test func ofManyWritersAtOnceEachHasItsPlace() async throws {
        try await QueueSystem.run { system in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await fill(log(system, key: key), 5) } }
                try await group.waitForAll()
            }
            let verification = try await log(system, key: key).verify()
            #expect(verification.findings == [])
            #expect(verification.entries == 40 && verification.signed == 40)
        }
    }

    @Test func anEntryThatWasChangedTakenOutOrPutInShows() async throws {
        try await QueueSystem.run { system in
            func filledAnew() async throws {
                _ = try await system.client.send(RedisCommand("DEL", Self.stream))
                try await fill(log(system), 5)
                #expect(try await log(system).verify().findings == [])
            }
            func findings(after words: String...) async throws -> [String] {
                try await filledAnew()
                _ = try await system.client.send(RedisCommand(words[0], arguments: Array(words.dropFirst())))
                return try await log(system).verify().findings
            }
            /// Writes the whole stream anew, with other entries.
            func rewriting(_ change: ([StoredAuditEntry]) -> [StoredAuditEntry]) async throws -> [String] {
                try await filledAnew()
                var entries: [StoredAuditEntry] = []
                for reply in try await system.client.send(RedisCommand("XRANGE", Self.stream, "-", "+")).array {
                    entries.append(try StoredAuditEntry(reply))
                }
                _ = try await system.client.send(RedisCommand("DEL", Self.stream))
                for entry in change(entries) {
                    let fields = [Self.stream, "\(entry.number)-0"] + entry.fields
                    _ = try await system.client.send(RedisCommand("XADD", arguments: fields))
                }
                return try await log(system).verify().findings
            }
            #expect(try await findings(after: "XDEL", Self.stream, "3-0") == ["entry 3 is missing"])
            #expect(
                try await findings(after: "XDEL", Self.stream, "4-0", "5-0") == [
                    "entries 4 to 5 are missing at the end"
                ])
            #expect(try await findings(after: "XTRIM", Self.stream, "MAXLEN", "2") == ["entries 1 to 3 are missing"])
            #expect(
                try await findings(after: "XADD", Self.stream, "9-0", "a", "b") == [
                    "entries 6 to 8 are missing", "entry 9 is of another queue",
                ])
            let changed = try await rewriting { entries in
                entries.map { entry in
                    guard entry.number == 2 else { return entry }
                    return StoredAuditEntry(
                        number: 2, text: entry.text.replacing("ada", with: "eve"), hash: entry.hash, signature: nil)
                }
            }
            #expect(changed == ["entry 2 is not as it was written, or not where"])
            let swapped = try await rewriting { entries in
                [entries[0]]
                    + [(2, entries[2]), (3, entries[1])].map { number, entry in
                        StoredAuditEntry(number: number, text: entry.text, hash: entry.hash, signature: nil)
                    } + entries[3...]
            }
            #expect(swapped.contains("entry 2 is not as it was written, or not where"))
        }
    }

    @Test func whoHasNoKeyMakesNoGenuineEntry() async throws {
        try await QueueSystem.run { system in
            try await fill(log(system, key: key), 2)
            try await fill(log(system), 1)
            #expect(try await log(system).verify().isIntact, "without the key it cannot be seen")
            #expect(try await log(system, key: key).verify().findings == ["entry 3 is not signed"])
            try await fill(log(system, key: try .test(2)), 1)
            let findings = try await log(system, key: key).verify().findings
            #expect(findings == ["entry 3 is not signed", "entry 4 was not signed with this key"])

            _ = try await system.client.send(RedisCommand("DEL", Self.stream))
            try await fill(log(system), 2)
            #expect(try await log(system, key: key).verify().findings == ["no entry is signed"])
            try await fill(log(system, key: key), 1)
            #expect(try await log(system, key: key).verify().isIntact, "the key came later")
        }
    }

    @Test func whatWasNotedElsewhereMustStillBeThere() async throws {
        try await QueueSystem.run { system in
            let log = log(system)
            try await fill(log, 3)
            let text = try #require(try await log.verify().mark)
            let mark = try #require(AuditMark(text))
            try await fill(log, 2)
            #expect(try await log.verify(noted: mark).isIntact)
            #expect(try await log.verify(noted: AuditMark(String(text.prefix(12)))).isIntact)

            // Everything anew, as who has no key may write it: in itself it is whole.
            _ = try await system.client.send(RedisCommand("DEL", Self.stream))
            try await fill(log, 4)
            #expect(try await log.verify().isIntact)
            #expect(try await log.verify(noted: mark).findings == ["entry 3 is not the one that was noted"])
            _ = try await system.client.send(RedisCommand("DEL", Self.stream))
            #expect(try await log.verify(noted: mark).findings == ["entry 3, which was noted, is missing"])
            for text in ["", "3", "0:12345678", "3:1234567", "3:xxxxxxxx", "3:12345678:"] {
                #expect(AuditMark(text) == nil, "\(text)")
            }
        }
    }

    @Test func anotherQueuesRecordDoesNotStandForThisOne() async throws {
        try await QueueSystem.run { system in
            try await fill(log(system, queue: "other"), 2)
            _ = try await system.client.send(RedisCommand("RENAME", "{other}:audit", Self.stream))
            let findings = try await log(system).verify().findings
            #expect(findings == ["entry 1 is of another queue", "entry 2 is of another queue"])
        }
    }

    @Test func aKeyHasEnoughBytes() throws {
        #expect(throws: AuditKeyTooShort.self) { try AuditKey(Array(repeating: 1, count: 31)) }
    }
}

extension AuditKey {
    fileprivate static func test(_ byte: UInt8) throws -> AuditKey {
        try AuditKey(Array(repeating: byte, count: smallestSize))
    }
}
