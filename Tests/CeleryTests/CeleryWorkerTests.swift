import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

/// Our producer sends tasks to a real Celery worker.
@Suite(.timeLimit(.minutes(5))) struct CeleryWorkerTests {
    private static let stubborn = TaskDefinition<SharedTasks.Text, [String]>("stubborn")
    private static let clock = TaskDefinition<NoArguments, Double>("clock")
    private static let goOnElsewhere = TaskDefinition<SharedTasks.Trail, String>("go_on_elsewhere")

    private struct Document<Value: Decodable>: Decodable {
        var status: String
        var result: Value
    }

    /// The result of a task that has succeeded, as it stands in Redis.
    private func result<Value: Decodable>(
        _ id: TaskID, _ system: CelerySystem, as type: Value.Type
    ) async throws -> Value {
        try await system.python.run("value(AsyncResult('\(id)'))")
        let text = try await system.client.get("celery-task-meta-\(id)") ?? "{}"
        let document = try JSONDecoder().decode(Document<Value>.self, from: Data(text.utf8))
        #expect(document.status == "SUCCESS")
        return document.result
    }

    @Test func aRealWorkerRunsWhatWeSend() async throws {
        try await CelerySystem.run { system in
            let celery = try await system.startCelery()
            let producer = TaskProducer(client: system.client, queue: "python")
            let sum = try await producer.enqueue(SharedTasks.add, .init(x: 2, y: 3))
            #expect(try await result(sum, system, as: Int.self) == 5)
            try await system.python.expect("value(AsyncResult('\(sum)'))", gives: "5")

            let sums = try await producer.enqueue(
                SharedTasks.add, many: (0..<250).map { .init(x: $0, y: 1) }, priority: 3)
            #expect(Set(sums).count == 250)
            let ids = sums.map(\.text)
            try await system.python.expect(
                "[value(AsyncResult(id)) for id in \(ids)] == list(range(1, 251))", gives: "True")

            let retried = try await producer.enqueue(Self.stubborn, .init(text: "好"), expires: .seconds(300))
            try await system.python.expect("value(AsyncResult('\(retried)'))", gives: "['好', 2]")
            withExtendedLifetime(celery) {}
        }
    }

    @Test func aRealWorkerKeepsToOurTimes() async throws {
        try await CelerySystem.run { system in
            let producer = TaskProducer(client: system.client, queue: "python")
            let start = Date().timeIntervalSince1970
            let counted = try await producer.enqueue(Self.clock, NoArguments(), countdown: .seconds(4))
            let timed = try await producer.enqueue(Self.clock, NoArguments(), eta: WireTime.now.adding(.seconds(4)))
            let good = try await producer.enqueue(SharedTasks.mark, .init(number: 1), expires: .seconds(300))
            let expired = try await producer.enqueue(SharedTasks.mark, .init(number: 2), expires: .zero)
            let celery = try await system.startCelery()
            try await system.python.expect(
                "value(AsyncResult('\(expired)'))", raises: "celery.exceptions.TaskRevokedError('expired',)")
            try await system.python.expect("value(AsyncResult('\(good)'))", gives: "None")
            #expect(try await result(counted, system, as: Double.self) >= start + 4)
            #expect(try await result(timed, system, as: Double.self) >= start + 4)
            #expect(try await system.notes() == ["python 1"])
            withExtendedLifetime(celery) {}
        }
    }

    @Test func aRealWorkerRunsTheMostUrgentFirst() async throws {
        try await CelerySystem.run { system in
            let producer = TaskProducer(client: system.client, queue: "python")
            for priority in [9, 6, 4, 3, 0] {
                try await producer.enqueue(SharedTasks.mark, .init(number: priority), priority: priority)
            }
            let celery = try await system.startCelery()
            try await eventually("all have run") { try await system.notes().count == 5 }
            #expect(try await system.notes() == ["python 0", "python 4", "python 3", "python 6", "python 9"])
            withExtendedLifetime(celery) {}
        }
    }

    @Test func aChainThatAPythonTaskStartedGoesOnAtOurWorker() async throws {
        try await CelerySystem.run { system in
            let celery = try await system.startCelery()
            let producer = TaskProducer(client: system.client, queue: "python")
            try await system.withOurWorker {
                let start = try await producer.enqueue(Self.goOnElsewhere, .init(trail: ["start"]))
                let end = try await result(start, system, as: String.self)
                try await system.python.expect(
                    "value(AsyncResult('\(end)'))", gives: "['start', 'swift', 'python', 'swift']")
            }
            withExtendedLifetime(celery) {}
        }
    }
}
