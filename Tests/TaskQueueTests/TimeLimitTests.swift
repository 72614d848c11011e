import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct TimeLimitTests {
    @Test func theSoftLimitCancelsAndTheTaskIsRetried() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.timeLimits.soft = .milliseconds(50)
            task.options.maximumRetries = 1
            task.options.backoff.first = .milliseconds(1)
            let journal = Journal()
            try await system.producer.enqueue(task, Note(text: "x"))
            try await system.running(
                registry(task) { _, context in
                    journal.add("attempt \(context.retries)")
                    if context.retries == 0 { try await Task.sleep(for: .seconds(3600)) }
                    return 0
                }
            ) { _ in
                try await eventually("the second attempt works") { try await system.statistic("succeeded") == 1 }
            }
            #expect(journal.texts == ["attempt 0", "attempt 1"])
            #expect(try await system.statistic("retried") == 1)
        }
    }

    @Test func theHardLimitEndsTheTaskButABodyThatGoesOnKeepsItsPlace() async throws {
        try await QueueSystem.run {
            $0.concurrency = 1
        } _: { system in
            var task = note
            task.options.timeLimits.hard = .milliseconds(50)
            let (release, mayEnd) = AsyncStream.makeStream(of: Void.self)
            let journal = Journal()
            try await system.producer.enqueue(task, Note(text: "deaf"))
            try await system.running(
                registry(task) { note, _ in
                    journal.add(note.text)
                    guard note.text == "deaf" else { return 0 }
                    // Heeds no cancellation: it waits in a task of its own.
                    await Task { for await _ in release {} }.value
                    return 0
                }
            ) { worker in
                try await eventually("it is a dead letter") { try await system.statistic("dead") == 1 }
                #expect(worker.runningTasks == 1)
                try await system.producer.enqueue(task, Note(text: "next"))
                try await eventually("it waits") {
                    try await system.client.send(RedisCommand("LLEN", "celery")).integer == 1
                }
                #expect(journal.texts == ["deaf"])
                mayEnd.finish()
                try await eventually("its place is free again") { journal.texts == ["deaf", "next"] }
            }
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 2)
            #expect(letters.map(\.reason) == ["time-limit"])
        }
    }

    @Test func whatABodyDecidesAfterTheSoftLimitHolds() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.timeLimits.soft = .milliseconds(50)
            try await system.producer.enqueue(task, Note(text: "x"))
            try await system.running(
                registry(task) { _, _ in
                    try? await Task.sleep(for: .seconds(3600))
                    throw TaskHold("the gateway has not answered")
                }
            ) { _ in
                try await eventually("it is held") { try await system.statistic("dead") == 1 }
            }
            #expect(try await system.statistic("retried") == 0)
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 2)
            #expect(letters.map(\.reason) == ["unknown"])
        }
    }

    @Test func aHardLimitOfTheMessageHoldsBeforeALaterSoftOneOfTheOptions() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.timeLimits.soft = .seconds(3600)
            let message =
                #"{"body":"[[\"x\"],{},{}]","content-type":"application/json","headers":{"task":"note","id":"1","timelimit":[0.05,null]}}"#
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", message))
            try await system.running(
                registry(task) { _, _ in
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }
            ) { _ in
                try await eventually("it is a dead letter") { try await system.statistic("dead") == 1 }
            }
        }
    }

    @Test func aMessageBringsItsOwnLimits() async throws {
        try await QueueSystem.run { system in
            let message =
                #"{"body":"[[\"x\"],{},{}]","content-type":"application/json","headers":{"task":"note","id":"1","timelimit":[0.05,null]}}"#
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", message))
            try await system.running(
                registry { _, _ in
                    try await Task.sleep(for: .seconds(3600))
                    return 0
                }
            ) { _ in
                try await eventually("it is a dead letter") { try await system.statistic("dead") == 1 }
            }
        }
    }
}
