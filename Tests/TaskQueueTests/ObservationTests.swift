import InMemoryTracing
import MetricsTestKit
import RedisClient
import TestSupport
import Testing
import Tracing

@testable import TaskQueue

/// What metrics and traces show of tasks.
@Suite(.timeLimit(.minutes(5))) struct ObservationTests {
    @Test func metricsCountHowTasksEnd() async throws {
        let metrics = TestMetrics()
        try await QueueSystem.run {
            $0.queues = ["counted"]
            $0.middleware = [TaskMetrics(factory: metrics)]
        } _: { system in
            let producer = TaskProducer(client: system.client, queue: "counted")
            for text in ["good", "good", "bad"] { try await producer.enqueue(note, Note(text: text)) }
            try await producer.enqueue(TaskDefinition<NoArguments, NoResult>("unknown"), NoArguments())
            try await system.running(
                registry { note, _ in
                    if note.text == "bad" { throw TaskRejection("bad", "it is bad") }
                    return 0
                }
            ) { _ in
                try await eventually("all have ended") {
                    let dead = try await system.statistic("dead", of: "counted")
                    let succeeded = try await system.statistic("succeeded", of: "counted")
                    return dead == 2 && succeeded == 2
                }
            }
        }
        func count(_ task: String, _ outcome: String) throws -> Int64 {
            try metrics.expectCounter("tasks", [("task", task), ("queue", "counted"), ("outcome", outcome)]).totalValue
        }
        #expect(try count("note", "succeeded") == 2)
        #expect(try count("note", "rejected") == 1)
        #expect(try count("", "refused") == 1)
        #expect(try metrics.expectCounter("task.deaths", [("task", "note"), ("reason", "bad")]).totalValue == 1)
        #expect(try metrics.expectCounter("task.deaths", [("task", ""), ("reason", "unknown-task")]).totalValue == 1)
        #expect(try metrics.expectTimer("task.duration", [("task", "note")]).values.count == 2)
    }

    @Test func metricsTellWhyAttemptsAreRepeatedAndHowLongMessagesHaveWaited() async throws {
        let metrics = TestMetrics()
        try await QueueSystem.run {
            $0.middleware = [TaskMetrics(factory: metrics)]
        } _: { system in
            // Sent two minutes ago; and one that does not say when, as Celery's.
            let earlier = WireTime.now.adding(.seconds(-120))
            try await system.producer.enqueue(note, Note(text: "old"), now: earlier)
            let silent = OutgoingTask(task: "note", queue: "celery", arguments: Array(#"["silent"]"#.utf8))
            let raw = String(decoding: silent.encoded(), as: UTF8.self)
                .replacing(/"delivery_tag":"[0-9a-f]+"/, with: #""delivery_tag":"a-tag-of-celery""#)
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", raw))
            let queue = QueueInspector(client: system.client, queue: "celery")
            let oldest = try await queue.statistics().oldestWaitingSecondsByBand
            #expect(Array(oldest.keys) == ["0"])
            #expect(oldest.values.allSatisfy { $0 >= 119 })
            try await system.running(
                registry { note, context in
                    if context.retries == 0 { throw TaskRetry("not yet", after: .zero, cause: "busy") }
                    return 0
                }
            ) { _ in
                try await eventually("both ran") { try await system.statistic("succeeded") == 2 }
            }
            #expect(try await queue.statistics().oldestWaitingSecondsByBand == [:])
        }
        #expect(try metrics.expectCounter("task.retries", [("task", "note"), ("cause", "busy")]).totalValue == 2)
        let waits = try metrics.expectTimer("task.wait", [("queue", "celery")]).values.map { Double($0) / 1e9 }
        #expect(waits.count == 3, "a retry waits from when it was due: \(waits)")
        #expect(waits[0] >= 119 && waits.dropFirst().allSatisfy { $0 < waits[0] - 60 })
    }

    @Test func whatADeadWorkersMessageDiesOfIsCountedToo() async throws {
        let metrics = TestMetrics()
        try await QueueSystem.run {
            $0.middleware = [TaskMetrics(factory: metrics)]
        } _: { system in
            let keys = QueueKeys(queue: "celery")
            try await system.producer.enqueue(note, Note(text: "x"))
            let good = try await system.client.send(RedisCommand("RPOP", "celery")).bytes
            let bad = try TaskMessage(good).republished(redeliveries: 5)
            _ = try await system.client.send(
                RedisCommand("HSET", keys.claimed(by: "dead@there:1"), "1", good, "2", bad))
            _ = try await system.client.send(RedisCommand("ZADD", keys.workers, 1, "dead@there:1"))
            try await system.running(registry { _, _ in 0 }) { worker in
                try await eventually("one ran, one is buried") {
                    let succeeded = try await system.statistic("succeeded")
                    return try await system.statistic("dead") == 1 && succeeded == 1
                }
                try await eventually("the dead worker is struck off") { worker.counts.deadWorkers == 1 }
                #expect(worker.counts.takenOver == 2)
                #expect(worker.counts.leaseRenewals >= 1 && worker.counts.failedLeaseRenewals == 0)
                #expect(worker.brokerStatus.isConnected)
            }
        }
        #expect(try metrics.expectCounter("task.deaths", [("task", "note"), ("reason", "poison")]).totalValue == 1)
    }

    @Test func aRevivedLetterHasNotWaitedWhileItWasDead() throws {
        var task = OutgoingTask(task: "note", queue: "celery", arguments: Array(#"["x"]"#.utf8))
        task.sent = WireTime(microseconds: 1_600_000_000_000_000)
        #expect(try TaskMessage(task.encoded()).readySince == task.sent)
        task.eta = task.sent?.adding(.seconds(60))
        #expect(try TaskMessage(task.encoded()).readySince == task.eta)
        let revived = try TaskMessage(DeadMessage(task.encoded()).revived(isUnknown: false)).readySince
        #expect(try #require(revived) > WireTime(microseconds: 1_700_000_000_000_000))
    }

    @Test func aTraceGoesOnInTheWorker() async throws {
        let tracer = InMemoryTracer()
        try await QueueSystem.run {
            $0.middleware = [TaskTracing(tracer: tracer)]
        } _: { system in
            let producer = TaskProducer(client: system.client, middleware: [TaskTracing(tracer: tracer)])
            try await tracer.withSpan("request") { _ in
                _ = try await producer.enqueue(note, Note(text: "x"))
            }
            try await system.running(registry { _, _ in 0 }) { _ in
                try await eventually("it ran") { try await system.statistic("succeeded") == 1 }
            }
        }
        let spans = tracer.finishedSpans
        let request = try #require(spans.first { $0.operationName == "request" })
        let run = try #require(spans.first { $0.operationName == "run note" })
        #expect(run.traceID == request.traceID)
        #expect(run.parentSpanID == request.spanID)
    }
}
