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
            ("--before 2026-12-01T04:34:00.123456+00:00", "--before 2026-12-01T04:34:00.123456+00:00"),
            ("2026-12-01T04:34:00+0800, 1", "2026-12-01T04:34:00+0800, 1"),
            ("d1 2026-12-01T04:34:00.000001Z d2", "d1 2026-12-01T04:34:00.000001Z d2"),
            ("13800138000 2026-12-01T04:34:00Z", "138****8000 2026-12-01T04:34:00Z"),
            ("1 edf89878-5208-42b8-b337-123456789012 2", "1 edf89878-5208-42b8-b337-123456789012 2"),
            ("1 12345678-1234-4123-8123-123456789012", "1 12345678-1234-4123-8123-123456789012"),
            ("2026-12-01T04:34:00.13800138000", nil), ("2026-12-01T04:34:00+13800138000", nil),
            ("12345678-1234-4123-8123-abcdefabcdef13800138000", nil), ("１３８００１３８０００", "***"),
            ("--all", "--all"), ("", ""),
        ] as [(String, String?)])
    func whatCouldBeANumberIsMasked(typed: String, written: String?) {
        let masked = AuditEvent.masking(typed)
        if let written { #expect(masked == written) } else { #expect(masked.contains("***")) }
        for digits in ["13800138000", "0013 8000", "0013-8000", "010-0199"] { #expect(!masked.contains(digits)) }
    }

    @Test func whatIsLongIsCut() async throws {
        try await QueueSystem.run { system in
            let subject = String(repeating: "ab", count: 5000)
            let entry = try await log(system).append(AuditEvent(actor: "a", action: "change limits", subject: subject))
            #expect(entry.subject == String(repeating: "ab", count: 1000) + " … and 8000 characters more")
        }
    }

    @Test func aChangeThatIsCutOffHasAnEnd() async throws {
        try await QueueSystem.run { system in
            let log = log(system)
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let change = Task {
                try await log.recording("dead retry", by: "ada@web1") {
                    start.yield()
                    try await Task.sleep(for: .seconds(600))
                }
            }
            for await _ in started { break }
            let begun = try await log.entries(limit: 9)
            #expect(begun.map(\.isWithoutEnd) == [true], "it goes on")
            change.cancel()
            await #expect(throws: CancellationError.self) { try await change.value }
            let entries = try await log.entries(limit: 9)
            #expect(entries.map(\.state) == ["failed", "begun"] && entries.map(\.isWithoutEnd) == [false, false])
        }
    }

    /// The entry before the change, or the one after it.
    @Test(arguments: [0, 1])
    func anEntryWhoseReplyIsLostIsLookedFor(end: Int) async throws {
        try await QueueSystem.run { system in
            let proxy = try FaultProxy(to: system.server.port)
            var configuration = RedisConfiguration(url: try RedisURL("redis://127.0.0.1:\(proxy.port)/3"))
            configuration.whileDisconnected = .fail
            let client = RedisClient(configuration, logger: QueueSystem.logger)
            try await client.whileRunning {
                let log = AuditLog(client: client, queue: "celery", key: key)
                try await eventually("it is connected") { (try? await log.append(event("first"))) != nil }
                // Where the log ends is asked first.
                if end == 0 { proxy.cutBeforeNextReply(after: 1) }
                try await log.recording("purge", by: "ada@web1") {
                    if end == 1 { proxy.cutBeforeNextReply(after: 1) }
                }
                #expect(!proxy.isCutPending)
                #expect(try await log.entries(limit: 9).map(\.state) == ["done", "begun", "done"])
                #expect(try await log.verify().findings == [])

                proxy.cutBeforeNextReply(after: 1)
                let failure = await #expect(throws: AuditFailure.self) {
                    try await log.recording("purge", by: "ada@web1") {
                        proxy.cutBeforeNextReply(after: 1)
                        proxy.refusesConnections = true
                    }
                }
                #expect(failure?.isDone == true && failure?.description.contains("is not known") == true)
            }
        }
    }

    @Test(arguments: ["1000000000000000-0", "9007199254740993-7", "9223372036854775806-0"])
    func aForeignEntryWithALargeNumberBlocksNothing(id: String) async throws {
        try await QueueSystem.run { system in
            try await fill(log(system), 1)
            _ = try await system.client.send(RedisCommand("XADD", Self.stream, id, "a", "b"))
            let number = try #require(StoredAuditEntry.number(id))
            #expect(try await log(system).append(event("purge")).number == number + 1)
            let verification = try await log(system).verify()
            #expect(
                verification.findings == [
                    "entries 2 to \(number - 1) are missing", "entry \(number) is of another queue",
                ])
        }
    }

    @Test func afterTheLargestNumberTheRemedyIsTold() async throws {
        for id in ["9223372036854775807-0", "18446744073709551615-1"] {
            try await QueueSystem.run { system in
                _ = try await system.client.send(RedisCommand("XADD", Self.stream, id, "a", "b"))
                let error = await #expect(throws: RedisError.self) { try await log(system).append(event("purge")) }
                #expect(error?.message.contains("RENAME") == true, "\(error?.message ?? "")")
                #expect(try await log(system).verify().isIntact == false)
            }
        }
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
            let unchecked = try await log(system).verify()
            #expect(unchecked.isIntact && !unchecked.areSignaturesChecked, "without the key it cannot be seen")
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

    // MARK: - Archives

    @Test func whatIsArchivedIsOneChainWithWhatStays() async throws {
        try await QueueSystem.run { system in
            let log = log(system, key: key)
            var file: [Substring] = []
            func archive(after lines: [Substring], keeping age: Duration = .zero) async throws -> AuditArchiving {
                try await log.archive(after: lines, keeping: age, by: "ada@web1") { file += $0.map { $0[...] } }
            }
            try await fill(log, 5)
            #expect(try await archive(after: file, keeping: .seconds(3600)).removed == 0, "all are young")
            #expect(try await archive(after: file).removed == 5)
            let first = file
            try await fill(log, 3)
            let second = try await archive(after: file)
            #expect(second.written == 5 && second.removed == 5 && second.mark?.hasPrefix("10:") == true)
            #expect(file.count == 10)
            #expect(try await log.entries(limit: 9).map(\.number) == [12, 11])

            let all = try await log.verify(archive: file)
            #expect(all.findings == [] && all.entries == 12 && all.signed == 12)
            #expect(try await log.verify().findings == [], "what stays needs no archive")
            #expect(try await log.verify(archive: Array(file.dropFirst(5))).findings == [], "the archive's second part")
            let noted = AuditMark(number: 3, hash: try #require(StoredAuditEntry(line: file[2])).hash)
            #expect(try await log.verify(archive: file, noted: noted).isIntact)
            #expect(try await log.verify(archive: first).findings == ["entries 6 to 10 are missing"])
            #expect(
                try await log.verify(archive: Array(file[..<3] + file[4...])).findings == ["entry 4 is missing"])
            var changed = file
            changed[7] = changed[7].replacing("ada", with: "eve")[...]
            let findings = try await log.verify(archive: changed + ["cut o"]).findings
            #expect(
                findings == ["entry 8 is not as it was written, or not where", "line 11 of the archive is no entry"])
            #expect(try await archive(after: changed).written == 0, "nothing is added to what is not sound")

            // More was taken away than is archived, and what is archived is all that there is.
            _ = try await system.client.send(RedisCommand("XTRIM", Self.stream, "MAXLEN", "1"))
            #expect(try await log.verify().findings == ["entry 11 is missing"])
            _ = try await system.client.send(RedisCommand("DEL", Self.stream))
            #expect(
                try await log.verify(archive: file).findings == [
                    "nothing in Redis goes on from entry 10, with which the archive ends"
                ])
        }
    }

    @Test func anArchivingThatWasCutOffGoesOn() async throws {
        try await QueueSystem.run { system in
            let log = log(system)
            try await fill(log, 5)
            var file: [Substring] = []
            struct Full: Error {}
            await #expect(throws: Full.self) {
                try await log.archive(keeping: .zero, by: "ada@web1") {
                    file += $0.map { $0[...] }
                    throw Full()
                }
            }
            #expect(file.count == 5)
            let both = try await log.verify(archive: file)
            #expect(both.findings == [] && both.entries == 5, "they are in both places")
            let result = try await log.archive(after: file, keeping: .seconds(3600), by: "ada@web1") { _ in }
            #expect(result.written == 0 && result.removed == 5)
            #expect(try await log.verify(archive: file).findings == [])

            // Another's entries in the place of those that were archived.
            _ = try await system.client.send(RedisCommand("DEL", Self.stream))
            try await fill(log, 6)
            #expect(
                try await log.verify(archive: file).findings == ["entry 5 is not the one that was archived"])
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
