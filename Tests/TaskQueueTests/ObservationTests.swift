import InMemoryTracing
import MetricsTestKit
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
        #expect(try metrics.expectTimer("task.duration", [("task", "note")]).values.count == 2)
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
