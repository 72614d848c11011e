import RedisClient
import Synchronization
import TestSupport
import Testing

@testable import TaskQueue

/// Tasks that have to wait although a worker has a free place.
@Suite(.timeLimit(.minutes(5))) struct StartLimitTests {
    /// How many tasks run at once, and how many did at most.
    private final class Level: Sendable {
        private let counts = Mutex((now: 0, most: 0))
        var most: Int { counts.withLock { $0.most } }
        func enter() {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
        }
        func leave() { counts.withLock { $0.now -= 1 } }
    }

    /// How many messages wait for the limits of their task.
    private func line(_ system: QueueSystem) async throws -> Int {
        try await system.client.send(RedisCommand("ZCARD", "{celery}:limited:note")).integer
    }

    @Test func aTaskRunsNoMoreOftenAtOnceThanItMay() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumConcurrency = 3
            let level = Level()
            let journal = Journal()
            try await system.producer.enqueue(task, many: (0..<40).map { Note(text: "\($0)") })
            try await system.running(
                registry(task) { note, _ in
                    level.enter()
                    for _ in 0..<20 { await Task.yield() }
                    level.leave()
                    journal.add(note.text)
                    return 0
                }
            ) { _ in
                try await eventually("all ran") { try await system.statistic("succeeded") == 40 }
            }
            #expect(level.most <= 3)
            #expect(Set(journal.texts).count == 40)
            #expect(try await system.client.exists("{celery}:limited:note") == false)
        }
    }

    @Test func whatWaitsForItsLimitsHoldsNoPlace() async throws {
        try await QueueSystem.run {
            $0.concurrency = 2
        } _: { system in
            var limited = TaskDefinition<Note, Int>("limited")
            limited.options.maximumConcurrency = 1
            let journal = Journal()
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            var registry = recording(journal)
            registry.register(limited) { _, _ in
                // Whichever of them is the first.
                for await _ in release {}
                return 0
            }
            try await system.producer.enqueue(limited, many: (0..<10).map { Note(text: "\($0)") })
            try await system.producer.enqueue(note, Note(text: "other"))
            try await system.running(registry) { _ in
                try await eventually("nine wait in line, the other one ran") {
                    try await system.server.cli("ZCARD", "{celery}:limited:limited", database: 3) == "9"
                        && journal.texts == ["other"]
                }
                mayEnd.finish()
                try await eventually("all ran") { try await system.statistic("succeeded") == 11 }
            }
        }
    }

    @Test func twoWorkersTogetherStartATaskNoMoreOftenThanItsRate() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.rateLimit = RateLimit(20, per: .seconds(1))
            // The server's own clock at each start, in microseconds.
            let starts = RedisScript(
                name: "note_start",
                source: Array(
                    "local t = redis.call('TIME') return redis.call('RPUSH', KEYS[1], t[1] * 1000000 + t[2])".utf8))
            let tasks = registry(task) { _, _ in
                _ = try await system.client.run(starts, keys: ["starts"], arguments: [])
                return 0
            }
            try await system.producer.enqueue(task, many: (0..<30).map { Note(text: "\($0)") })
            try await system.running(tasks) { _ in
                try await system.running(tasks) { _ in
                    try await eventually("all ran", timeout: .seconds(30)) {
                        try await system.statistic("succeeded") == 30
                    }
                }
            }
            // Redis keeps when the next start is due: it has counted each of them.
            var times: [Int] = []
            for time in try await system.client.listElements("starts", from: 0, to: -1) {
                times.append(try #require(Int(String(decoding: time, as: UTF8.self))))
            }
            #expect(times.count == 30)
            let span = try #require(times.max()) - (try #require(times.min()))
            // 29 pauses of 50 ms: less would mean that a start was not counted. Each start is noted a little after it was
            // allowed, so the first note may be late, by no more than a few pauses on a busy machine.
            #expect(span >= 29 * 50_000 - 200_000)
        }
    }

    @Test func theMoreUrgentOneIsFirstInTheLine() async throws {
        try await QueueSystem.run {
            $0.concurrency = 4
        } _: { system in
            var task = note
            task.options.maximumConcurrency = 1
            let (journal, begun) = (Journal(), Journal())
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            try await system.producer.enqueue(task, Note(text: "first"))
            try await system.running(
                registry(task) { note, _ in
                    begun.add(note.text)
                    if note.text == "first" { for await _ in release {} }
                    journal.add(note.text)
                    return 0
                }
            ) { _ in
                try await eventually("the first one runs") { begun.texts == ["first"] }
                for (place, (text, priority)) in [("low", 9), ("middle", 3), ("urgent", 0)].enumerated() {
                    try await system.producer.enqueue(task, Note(text: text), priority: priority)
                    try await eventually("it waits in line") { try await line(system) == place + 1 }
                }
                mayEnd.finish()
                try await eventually("all ran") { try await system.statistic("succeeded") == 4 }
            }
            #expect(journal.texts == ["first", "urgent", "middle", "low"])
        }
    }

    @Test func whatExpiresInTheLineTakesNobodysPlace() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumConcurrency = 1
            let journal = Journal()
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            try await system.producer.enqueue(task, Note(text: "first"))
            try await system.running(
                registry(task) { note, _ in
                    journal.add(note.text)
                    if note.text == "first" { for await _ in release {} }
                    return 0
                }
            ) { _ in
                try await eventually("the first one runs") { journal.texts == ["first"] }
                try await system.producer.enqueue(task, Note(text: "short-lived"), expires: .milliseconds(200))
                try await eventually("it waits in line") { try await line(system) == 1 }
                let expiry = WireTime.now.adding(.milliseconds(200))
                try await eventually("its time is over") { WireTime.now > expiry }
                mayEnd.finish()
                try await eventually("it has expired") { try await system.statistic("expired") == 1 }
                try await system.producer.enqueue(task, Note(text: "next"))
                try await eventually("the place is free") { journal.texts == ["first", "next"] }
            }
        }
    }

    @Test func whatExpiresInTheLineUsesUpNoStart() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.rateLimit = RateLimit(1, per: .seconds(3600))
            let journal = Journal()
            try await system.running(recording(journal, task)) { _ in
                try await system.producer.enqueue(task, Note(text: "first"))
                try await eventually("the hour's start is used up") { journal.texts == ["first"] }
                try await system.producer.enqueue(
                    task, many: (0..<3).map { Note(text: "late \($0)") }, expires: .seconds(1))
                let due = WireTime.now.adding(.seconds(1))
                try await eventually("they wait in line") { try await line(system) == 3 }
                try await system.producer.enqueue(task, Note(text: "last"))
                try await eventually("it waits behind them") { try await line(system) == 4 }
                try await eventually("the first of them are too old") { WireTime.now > due }
                // One start is allowed now, not four.
                _ = try await system.client.send(RedisCommand("DEL", QueueKeys.rate(of: "note")))
                try await system.client.publish("limited", to: "{celery}:wake")
                try await eventually("the one that is good has it") { journal.texts == ["first", "last"] }
                try await eventually("the others have expired") { try await system.statistic("expired") == 3 }
            }
        }
    }

    @Test func aPlaceThatIsFreeIsTakenByTheNextInLineAtOnce() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumConcurrency = 1
            let journal = Journal()
            // One a second, as when the news of a free place is lost, would take longer than this test may.
            try await system.producer.enqueue(task, many: (0..<400).map { Note(text: "\($0)") })
            try await system.running(
                registry(task) { note, context in
                    try await context.confirmClaim()
                    journal.add(note.text)
                    return 0
                }
            ) { _ in
                try await eventually("all ran", timeout: .seconds(60)) {
                    try await system.statistic("succeeded") == 400
                }
            }
            #expect(Set(journal.texts).count == 400)
        }
    }

    @Test func whatWaitsForLimitsThatAreGoneGoesOn() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumConcurrency = 1
            try await system.producer.enqueue(task, many: (0..<5).map { Note(text: "\($0)") })
            try await system.running(
                registry(task) { _, _ in
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }
            ) { _ in
                try await eventually("four wait in line") { try await line(system) == 4 }
            }
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("all ran") { try await system.statistic("succeeded") == 5 }
            }
        }
    }

    @Test func aHeldTaskWhoseAttemptWentOutIsNotRunAgainWhenItsWorkerStops() async throws {
        try await QueueSystem.run {
            $0.grace = .zero
        } _: { system in
            var task = note
            task.options.unknownOutcome = .hold
            try await system.producer.enqueue(task, Note(text: "x"))
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            try await system.running(
                registry(task) { _, context in
                    try await context.confirmClaim()
                    hasStarted.finish()
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }
            ) { _ in
                for await _ in started {}
            }
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 2)
            #expect(letters.map(\.reason) == ["unknown"])
            #expect(try await system.client.exists("celery") == false)
        }
    }
}
