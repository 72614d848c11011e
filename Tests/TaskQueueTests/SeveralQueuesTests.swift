import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct SeveralQueuesTests {
    /// The order in which one worker with one place runs what was on its queues before it started.
    private func order(
        _ queues: [QueueShare], _ queueOrder: WorkerConfiguration.QueueOrder, each count: Int
    ) async throws -> [String] {
        let journal = Journal()
        try await QueueSystem.run {
            $0.queues = queues
            $0.queueOrder = queueOrder
            $0.concurrency = 1
        } _: { system in
            for queue in queues.reversed() {
                try await system.producer.enqueue(
                    note, many: (0..<count).map { _ in Note(text: queue.name) }, queue: queue.name)
            }
            try await system.running(recording(journal)) { _ in
                try await eventually("all ran") { journal.texts.count == count * queues.count }
            }
        }
        return journal.texts
    }

    @Test func strictlyTheFirstQueueComesFirst() async throws {
        let order = try await order(["urgent", "bulk"], .strict, each: 10)
        #expect(order == Array(repeating: "urgent", count: 10) + Array(repeating: "bulk", count: 10))
    }

    @Test func byWeightEachQueueGetsItsShare() async throws {
        let order = try await order([QueueShare("urgent", weight: 3), "bulk"], .weighted, each: 40)
        let urgent = order.prefix(40).count { $0 == "urgent" }
        #expect((29...31).contains(urgent), "three of four while both have messages, not \(urgent) of 40")
    }

    @Test func aMessageOnAnyQueueWakesAnIdleWorker() async throws {
        try await QueueSystem.run {
            $0.queues = ["a", "b"]
        } _: { system in
            let journal = Journal()
            try await system.running(recording(journal)) { _ in
                try await eventually("the worker waits, blocked") {
                    try await system.server.cli("INFO", "clients").contains("blocked_clients:8")
                }
                try await system.producer.enqueue(note, Note(text: "b"), queue: "b", priority: 6)
                try await eventually("it ran") { journal.texts == ["b"] }
                try await system.producer.enqueue(note, Note(text: "a"), queue: "a")
                try await eventually("it ran") { journal.texts == ["b", "a"] }
            }
            #expect(try await system.server.cli("KEYS", "*", database: 3).split(separator: "\n").count == 2)
        }
    }

    @Test func aPauseHoldsOneQueueOnly() async throws {
        try await QueueSystem.run {
            $0.queues = ["a", "b"]
        } _: { system in
            let journal = Journal()
            let paused = QueueInspector(client: system.client, queue: "a")
            try await paused.pause()
            try await system.producer.enqueue(note, Note(text: "a"), queue: "a")
            try await system.producer.enqueue(note, Note(text: "b"), queue: "b")
            try await system.running(recording(journal)) { _ in
                try await eventually("the other queue goes on") { journal.texts == ["b"] }
                _ = try await paused.resume()
                try await eventually("it goes on too") { journal.texts == ["b", "a"] }
            }
        }
    }
}
