import Foundation
import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// What people are told of a queue, beside a real server and, where it is about workers, with real ones.
@Suite(.timeLimit(.minutes(5))) struct InspectionTests {
    private let keys = QueueKeys(queue: "celery")

    private func inspector(_ system: QueueSystem) -> QueueInspector {
        QueueInspector(client: system.client, queue: "celery")
    }

    /// A message of Celery's form, with a body in base64 as Celery writes it.
    private func celeryMessage(_ id: String, arguments: String, task: String = "note", more: String = "") -> [UInt8] {
        let body = Data("[\(arguments),{},{}]".utf8).base64EncodedString()
        return Array(
            (#"{"body":"\#(body)","content-encoding":"utf-8","content-type":"application/json","#
                + #""headers":{"lang":"py","task":"\#(task)","id":"\#(id)","retries":0\#(more)},"#
                + #""properties":{"priority":0,"delivery_tag":"5f9ac3e4-5a4e-4e3c-9ac0-000000000000","#
                + #""body_encoding":"base64"}}"#).utf8)
    }

    // MARK: - Masking

    @Test(arguments: [
        ("13800138000", "138****8000"), ("+8613800138000", "+86138****8000"), ("138 0013 8000", "138****8000"),
        ("123456", "***"), ("12345678", "***"), ("secret", "***"), ("138****8000", "138****8000"), ("", "***"),
        ("1234567890123456", "***"), ("13800138000 code 123456", "***"), ("١٣٨٠٠١٣٨٠٠٠", "***"),
    ])
    func phoneNumbersKeepTheirEndsAndNothingElseIsShown(_ text: String, _ masked: String) {
        #expect(ArgumentDisplay.masked(text) == masked)
    }

    @Test func argumentsAreMaskedInTheirShape() throws {
        let message = try TaskMessage(
            celeryMessage("1", arguments: #"["13800138000","123456",7,true,null,{"to":[13800138000]},"x"]"#))
        #expect(
            ArgumentDisplay.masked.text(of: message)
                == #"["138****8000", "***", ***, true, null, {"to": [138****8000]}, "***"]"#)
        #expect(ArgumentDisplay.revealed.text(of: message).contains("123456"))
    }

    @Test func aDeliveryTagTellsWhenItWasMade() {
        let time = WireTime(microseconds: 1_763_878_604_023_000)
        let tag = DeliveryTag.random(at: time)
        #expect(DeliveryTag.time(of: tag) == time)
        #expect(tag != DeliveryTag.random(at: time))
        for other in [
            "5f9ac3e4-5a4e-4e3c-9ac0-000000000000", "", "0123456789abcdef", String(repeating: "0", count: 20),
        ] {
            #expect(DeliveryTag.time(of: other) == nil)
        }
    }

    // MARK: - The story of a task

    @Test func aTasksStorySaysWhereItIsAndWhyItWaits() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            #expect(try await queue.story(of: "none") == nil)
            let first = try await system.producer.enqueue(note, Note(text: "13800138000"))
            let second = try await system.producer.enqueue(note, Note(text: "b"), priority: 9)
            try await queue.pause()

            let story = try #require(try await queue.story(of: second.text))
            #expect(story.place?.kind == .waiting && story.place?.ahead == 1)
            #expect(story.place?.key == keys.waiting[3])
            #expect(story.reasons.map(\.kind) == [.paused, .noWorker, .line])
            #expect(story.history.contains { $0.hasPrefix("waits since ") })
            let masked = try #require(try await queue.story(of: first.text))
            #expect(masked.place?.task.arguments == #"["138****8000"]"#)
            #expect(masked.reasons.map(\.kind) == [.paused, .noWorker])
            let whole = try #require(try await queue.story(of: first.text, display: .revealed))
            #expect(whole.place?.task.arguments == #"["13800138000"]"#)
        }
    }

    @Test func aScheduledTasksStorySaysWhen() async throws {
        try await QueueSystem.run { system in
            let raw = celeryMessage("r", arguments: "[]").replacing(
                Array(#""retries":0"#.utf8), with: Array(#""retries":3"#.utf8))
            let now = try await system.client.send(RedisCommand("TIME")).serverTime
            _ = try await system.client.send(
                RedisCommand("ZADD", keys.scheduled, now.milliseconds + 60_000, raw))
            let story = try #require(try await inspector(system).story(of: "r"))
            #expect(story.place?.kind == .scheduled && story.place?.due != nil)
            #expect(story.reasons.map(\.kind) == [.noWorker, .scheduled])
            #expect(story.reasons.last?.text.hasPrefix("a retry, due at ") == true)
            #expect(story.history.contains { $0.contains("3 times so far") })
            let listed = try await inspector(system).scheduled(limit: 5)
            #expect(listed.map(\.task.id) == ["r"] && (listed.first?.dueInSeconds ?? 0) > 30)
        }
    }

    @Test func aRunningTasksStorySaysWhoHasIt() async throws {
        try await QueueSystem.run { system in
            let started = Signal()
            let mayEnd = Signal()
            try await system.running(
                registry { _, context in
                    try await context.confirmClaim()
                    started.raise()
                    _ = await mayEnd.wait()
                    return 0
                }
            ) { worker in
                let id = try await system.producer.enqueue(note, Note(text: "a"))
                _ = await started.wait()
                let queue = inspector(system)
                let story = try #require(try await queue.story(of: id.text))
                #expect(story.place?.kind == .claimed && story.place?.worker == worker.id)
                #expect(story.place?.attemptSent == 1 && story.place?.isWorkerAlive == true)
                #expect(story.reasons.isEmpty)
                let report = try #require(try await queue.workers().first)
                #expect(report.name == worker.id && report.isAlive)
                #expect(report.tasks.map(\.task.id) == [id.text] && report.tasks.first?.attemptSent == 1)
                let now = try await system.client.send(RedisCommand("TIME")).serverTime
                try await eventually("it is seen to be held") {
                    try await queue.workers().first?.tasks.first?.heldSince != nil
                }
                let held = try #require(try await queue.story(of: id.text))
                let since = try #require(held.place?.heldSince)
                #expect(try #require(WireTime(since)) >= now.adding(.seconds(-3)))
                #expect(held.history.last == "attempt 1 has gone out: it may have had its effect")
                #expect(held.history.contains { $0.contains("which has had it since \(since)") })
                // What was noted stays as it was.
                for queue in worker.queues { try await queue.broker.renewLease() }
                #expect(try await queue.story(of: id.text)?.place?.heldSince == since)

                let cancelled = try await queue.cancel(id.text)
                #expect(cancelled.cancelled.isEmpty && cancelled.held.map(\.task.id) == [id.text])
                mayEnd.raise()
                try await eventually("it has ended") { try await system.statistic("succeeded") == 1 }
                for queue in worker.queues { try await queue.broker.renewLease() }
                #expect(try await !system.client.exists(keys.held(by: worker.id)))
            }
        }
    }

    @Test func aLimitedTasksStorySaysWhatLimitsIt() async throws {
        try await QueueSystem.run { system in
            let now = try await system.client.send(RedisCommand("TIME")).serverTime
            _ = try await system.client.send([
                RedisCommand("ZADD", keys.line(of: "note"), 1, celeryMessage("a", arguments: "[]")),
                RedisCommand("ZADD", keys.line(of: "note"), 2, celeryMessage("b", arguments: "[]")),
                RedisCommand("SADD", keys.tasksWithLine, "note"),
            ])
            let free = try #require(try await inspector(system).story(of: "b"))
            #expect(free.place?.kind == .limited && free.reasons.map(\.kind) == [.noWorker, .concurrency, .line])
            _ = try await system.client.send(
                RedisCommand("SET", QueueKeys.rate(of: "note"), now.microseconds + 60_000_000))
            let limited = try #require(try await inspector(system).story(of: "a"))
            #expect(limited.reasons.map(\.kind) == [.noWorker, .rate])
        }
    }

    @Test func aDeadTasksStorySaysWhy() async throws {
        try await QueueSystem.run { system in
            try await system.running(registry { _, _ in throw TaskRejection("no-name", "nobody to greet") }) { _ in
                let id = try await system.producer.enqueue(note, Note(text: "a"))
                let queue = inspector(system)
                try await eventually("it is dead") { try await queue.deadLetters.count() == 1 }
                let story = try #require(try await queue.story(of: id.text))
                #expect(story.place?.kind == .dead && story.reasons.map(\.kind) == [.dead])
                #expect(story.reasons.first?.text == "no-name: nobody to greet")
                let letter = try #require(story.place?.letter?.id)
                #expect(try await queue.story(of: letter)?.id == id.text)
                #expect(try await queue.deadLetters.ids(ofTask: id.text) == [letter])
                let samples = try await queue.deadLetters.samples(.all, limit: 3)
                #expect(samples.map(\.arguments) == [#"["***"]"#])
            }
        }
    }

    @Test func anOrphanedTasksStorySaysThatNobodyLooksAfterIt() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            _ = try await system.client.send([
                RedisCommand("HSET", keys.claimed(by: "ghost"), "1", celeryMessage("a", arguments: "[]")),
                RedisCommand("ZADD", keys.workers, 1, "silent"),
                RedisCommand("HSET", keys.claimed(by: "silent"), "1", celeryMessage("b", arguments: "[]")),
            ])
            let orphan = try #require(try await queue.story(of: "a"))
            #expect(orphan.place?.worker == "ghost" && orphan.reasons.map(\.kind) == [.takeover])
            #expect(orphan.reasons.first?.text.contains("doctor --repair") == true)
            let silent = try #require(try await queue.story(of: "b"))
            #expect(silent.reasons.first?.text.contains("no other one is there") == true)
        }
    }

    /// The second look is for those whom nobody looks after.
    @Test(arguments: ["RETRY", "STARTED", "PENDING"])
    func aResultThatIsNoEndDoesNotEndTheSearch(_ status: String) async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send([
                RedisCommand("HSET", keys.claimed(by: "ghost"), "1", celeryMessage("a", arguments: "[]")),
                RedisCommand(
                    "SET", "celery-task-meta-a",
                    #"{"status":"\#(status)","result":{"exc_type":"Busy","exc_message":["13800138000 is slow",7]}}"#),
            ])
            let story = try #require(try await inspector(system).story(of: "a"))
            #expect(story.place?.worker == "ghost" && story.result?.isFinal == false)
            #expect(story.result?.error == "Busy: 138****8000 is slow, 7")
            let revealed = try await inspector(system).story(of: "a", display: .revealed)
            #expect(revealed?.result?.error == "Busy: 13800138000 is slow, 7")
        }
    }

    @Test func nothingIsTakenBackForAnEmptyTextAndWhatIsSealedIsCounted() async throws {
        try await QueueSystem.run { system in
            let sealed = celeryMessage("s", arguments: #"["138****8000","x"]"#, task: "sealed_note")
            _ = try await system.client.send([
                RedisCommand("LPUSH", "celery", celeryMessage("a", arguments: #"[""]"#), sealed),
                RedisCommand("ZADD", keys.scheduled, 1e15, celeryMessage("t", arguments: "[]", task: "sealed_note")),
                RedisCommand("LPUSH", keys.arriving(at: "w"), sealed),
            ])
            let none = try await inspector(system).cancelAll(withArgument: ["", "+86"], sealedTask: "sealed_note")
            #expect(none.cancelled.isEmpty && none.sealed == 2)
            #expect(try await system.client.listLength("celery") == 2)
        }
    }

    @Test func anEndedTasksStoryIsItsResult() async throws {
        try await QueueSystem.run { system in
            _ = try await system.client.send(
                RedisCommand(
                    "SET", "celery-task-meta-x",
                    #"{"status":"SUCCESS","result":0,"date_done":"2026-01-01T00:00:00+00:00"}"#))
            let story = try #require(try await inspector(system).story(of: "x"))
            #expect(story.place == nil)
            #expect(story.result == StoredResult(status: "SUCCESS", time: "2026-01-01T00:00:00+00:00"))
        }
    }

    @Test func anOddIDIsFoundAmongMany() async throws {
        try await QueueSystem.run { system in
            let id = #"日本 "quoted" \ 1/2"#
            var odd = OutgoingTask(task: "note", id: TaskID(id), queue: "celery", arguments: Array("[]".utf8))
            odd.priority = 0
            try await system.producer.send([odd])
            let many = Array(repeating: Note(text: "x"), count: 3 * MessageScan.pageSize)
            try await system.producer.enqueue(note, many: many)
            var steps: [Int] = []
            let story = try #require(
                try await inspector(system).story(of: id) { examined, _ in steps.append(examined) })
            #expect(story.place?.ahead == 0)
            #expect(steps.count >= 3 && steps == steps.sorted())
        }
    }

    @Test func whatMovesOnWhileAListIsReadIsCountedOnce() async throws {
        try await QueueSystem.run { system in
            let size = MessageScan.pageSize
            // Two at the border of the first page have the same id.
            let ids = (0..<3 * size).map { $0 == size ? size - 1 : $0 }
            for start in stride(from: 0, to: ids.count, by: size) {
                let messages = ids[start..<start + size].map { celeryMessage("\($0)", arguments: "[]") }
                _ = try await system.client.send(
                    RedisCommand("RPUSH", arguments: ["celery"] + messages.map { $0 as any RedisArgument }))
            }
            let home = MessageHome(kind: .waiting, key: "celery", band: .urgent)
            func read(_ between: (Int) async throws -> Void) async throws -> [String] {
                var scan = MessageScan(home, .ids, client: system.client, scripts: QueueScripts())
                var read: [String] = []
                var page = 0
                while let entries = try await scan.next() {
                    read += entries.map { String(decoding: $0.content, as: UTF8.self) }
                    page += 1
                    try await between(page)
                }
                return read
            }
            #expect(try await read { _ in } == ids.map(String.init))
            let moved = try await read { page in
                _ = try await system.client.send([
                    RedisCommand("LPUSH", "celery", "new-\(page)-1", "new-\(page)-2", "new-\(page)-3"),
                    RedisCommand("RPOP", "celery"),
                ])
            }
            #expect(moved.count == Set(moved).count + 1, "only the two at the border")
            #expect(Set(ids.dropLast(3).map(String.init)).isSubset(of: moved))
        }
    }

    // MARK: - Lists

    @Test func whatWorkersRefusedIsMarkedInTheList() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            try await system.running(recording(Journal())) { _ in
                try await system.producer.send([
                    try OutgoingTask(task: "other", queue: "celery", argumentsJSON: "[]")
                ])
                try await eventually("it is dead") { try await queue.deadLetters.count() == 1 }
            }
            try await system.producer.send([try OutgoingTask(task: "other", queue: "celery", argumentsJSON: "[1]")])
            try await system.producer.enqueue(note, Note(text: "a"))
            let list = try await queue.waiting(limit: 5)
            #expect(list.map(\.problem?.isEmpty) == [false, nil])
            #expect(list.first?.problem?.hasPrefix("unknown-task") == true)
        }
    }

    @Test func aServerThatTakesNoWritesStillTellsHowTheQueueStands() async throws {
        try await QueueSystem.run { system in
            let queue = QueueInspector(client: system.client, queue: "celery")
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", "x"))
            _ = try await system.client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "1"))
            await #expect(throws: RedisError.self) {
                try await system.client.send(RedisCommand("LPUSH", "celery", "y"))
            }
            #expect(try await queue.statistics().allWaiting == 1)
        }
    }

    @Test func statisticsTellTheOldestAndTheRates() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            let before = try await queue.statistics()
            #expect(before.oldestWaitingSeconds == nil && before.nextDueSeconds == nil)
            let now = try await system.client.send(RedisCommand("TIME")).serverTime
            let old = DeliveryTag.random(at: now.adding(.seconds(-90)))
            let message =
                #"{"body":"[[],{},{}]","content-type":"application/json","headers":{"task":"a","id":"1"},"#
                + #""properties":{"delivery_tag":"\#(old)"}}"#
            _ = try await system.client.send([
                RedisCommand("LPUSH", "celery", message), RedisCommand("LPUSH", "celery", "{broken"),
                RedisCommand("HSET", keys.statistics, "odd", "text"),
                RedisCommand("HINCRBY", keys.statistics, "dead", 6),
                RedisCommand("ZADD", keys.workers, 1, "gone"),
            ])
            let after = try await queue.statistics()
            #expect((after.oldestWaitingSeconds ?? 0) >= 90)
            #expect(after.silentWorkers == ["gone"] && after.allWaiting == 2)
            #expect(after.counters == ["dead": 6], "what is no number is passed over")
            #expect(after.rates(since: before, over: .seconds(2)) == ["dead": 3])
            #expect(before.rates(since: after, over: .seconds(2)) == [:])
            #expect(try await QueueInspector.queues(system.client) == ["celery"])
        }
    }

    // MARK: - Mending

    @Test func tasksAreCancelledWhereverTheyWait() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            let waiting = try await system.producer.enqueue(note, Note(text: "13800138000"))
            try await system.producer.enqueue(note, Note(text: "13900139000"), priority: 9)
            _ = try await system.client.send([
                RedisCommand("ZADD", keys.scheduled, 1e15, celeryMessage("s", arguments: #"["+8613800138000"]"#)),
                RedisCommand("ZADD", keys.line(of: "note"), 1, celeryMessage("l", arguments: #"["13800138000"]"#)),
                RedisCommand("SADD", keys.tasksWithLine, "note"), RedisCommand("RPUSH", "celery", "{13800138000"),
            ])
            let numbers = ["13800138000", "+8613800138000"]
            let planned = try await queue.cancelAll(withArgument: numbers, dryRun: true)
            #expect(planned.cancelled.count == 3)
            #expect(try await queue.statistics().allWaiting == 3)
            let done = try await queue.cancelAll(withArgument: numbers)
            #expect(Set(done.cancelled.compactMap(\.task.id)) == [waiting.text, "s", "l"])
            #expect(Set(done.cancelled.map(\.kind)) == [.waiting, .scheduled, .limited])
            let left = try await queue.statistics()
            #expect(left.allWaiting == 2 && left.scheduled == 0 && left.limited.isEmpty)
            #expect(left.counters["cancelled"] == 3)
            #expect(try await queue.cancel(waiting.text) == CancelResult())
        }
    }

    @Test func purgingEmptiesTheLinesAndNothingElse() async throws {
        try await QueueSystem.run { system in
            let queue = inspector(system)
            try await system.producer.enqueue(note, many: Array(repeating: Note(text: "x"), count: 5))
            try await system.producer.enqueue(note, Note(text: "y"), priority: 6)
            _ = try await system.client.send([
                RedisCommand("ZADD", keys.scheduled, 1e15, "s"), RedisCommand("ZADD", keys.dead, 1, "d"),
                RedisCommand("HSET", keys.claimed(by: "w"), "1", "c"),
                RedisCommand("ZADD", keys.line(of: "note"), 1, "l"), RedisCommand("SADD", keys.tasksWithLine, "note"),
            ])
            #expect(try await queue.purge() == 6)
            #expect(try await queue.purge([.scheduled, .limited]) == 2)
            #expect(try await queue.purge() == 0)
            #expect(try await system.statistic("purged") == 8)
            #expect(try await queue.statistics().dead == 1)
            #expect(try await system.client.exists(keys.claimed(by: "w")))
            try await queue.erase()
            #expect(try await system.client.send(RedisCommand("DBSIZE")).integer == 0)
        }
    }

    @Test func aRatedRetryMovesAllAndADryRunNone() async throws {
        try await QueueSystem.run { system in
            for index in 0..<25 {
                _ = try await system.client.send([
                    RedisCommand("ZADD", keys.dead, index, "\(index)"),
                    RedisCommand("HSET", keys.deadMessages, "\(index)", celeryMessage("t\(index)", arguments: "[]")),
                ])
            }
            let dead = inspector(system).deadLetters
            #expect(try await dead.retry(.all, dryRun: true).retried == 25)
            #expect(try await dead.count() == 25)
            #expect(try await dead.retry(.all, perSecond: 100).retried == 25)
            #expect(try await dead.count() == 0)
            #expect(try await system.client.listLength("celery") == 25)
        }
    }
}
