import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct MiddlewareTests {
    /// Writes down all that it sees, under a name.
    private struct Watcher: TaskMiddleware {
        let name: String
        let journal: Journal

        func willSend(_ task: inout OutgoingTask) { task.headers["x-seen-by"] = name }

        func run(_ context: TaskContext, next: () async throws -> Void) async throws {
            journal.add("\(name) before, header \(context.message.header("x-seen-by") ?? "none")")
            try await next()
            journal.add("\(name) after")
        }

        func observe(_ event: TaskEvent) {
            let word: String? =
                switch event.kind {
                case .received: "received"
                case .started: "started"
                case .succeeded: "succeeded"
                case .retried: "retried"
                case .held: "held"
                default: nil
                }
            if let word { journal.add("\(name) \(word)") }
        }
    }

    @Test func itSeesATaskFromSendingToItsEnd() async throws {
        let journal = Journal()
        try await QueueSystem.run {
            $0.middleware = [Watcher(name: "outer", journal: journal), Watcher(name: "inner", journal: journal)]
        } _: { system in
            let producer = TaskProducer(client: system.client, middleware: [Watcher(name: "sender", journal: journal)])
            try await producer.enqueue(note, Note(text: "x"))
            try await system.running(
                registry { _, _ in
                    journal.add("task")
                    return 0
                }
            ) { _ in
                try await eventually("it ended") { try await system.statistic("succeeded") == 1 }
            }
        }
        #expect(
            journal.texts == [
                "outer received", "inner received", "outer started", "inner started",
                "outer before, header sender", "inner before, header sender", "task", "inner after", "outer after",
                "outer succeeded", "inner succeeded",
            ])
    }

    /// - Parameter goesOut: Whether the attempt is past the point from which it may have its effect.
    @Test(arguments: [true, false])
    func itSeesAnAttemptThatAStoppingWorkerCutsOff(goesOut: Bool) async throws {
        struct Interruptions: TaskMiddleware {
            let journal: Journal

            func observe(_ event: TaskEvent) {
                guard case .interrupted = event.kind else { return }
                journal.add("\(event.id ?? "?") \(event.mayHaveHadEffect)")
            }
        }
        let journal = Journal()
        try await QueueSystem.run {
            $0.middleware = [Interruptions(journal: journal)]
            $0.grace = .milliseconds(1)
        } _: { system in
            let (started, hasStarted) = AsyncStream.makeStream(of: Void.self)
            let (never, _) = AsyncStream.makeStream(of: Void.self)
            let id = try await system.producer.enqueue(note, Note(text: "x"))
            let worker = TaskWorker(
                system.configuration,
                registry: registry { _, context in
                    if goesOut { try await context.confirmClaim() }
                    hasStarted.finish()
                    for await _ in never {}
                    throw CancellationError()
                }, logger: QueueSystem.logger)
            let running = Task { await worker.run() }
            for await _ in started {}
            running.cancel()
            await running.value
            #expect(journal.texts == ["\(id.text) \(goesOut)"])
            #expect(try await system.server.cli("LLEN", "celery", database: 3) == "1")
        }
    }

    @Test func whatItThrowsIsTheTasksEnd() async throws {
        struct Refusing: TaskMiddleware {
            func run(_ context: TaskContext, next: () async throws -> Void) async throws {
                throw TaskHold("a person has to look")
            }
        }
        try await QueueSystem.run {
            $0.middleware = [Refusing()]
        } _: { system in
            let journal = Journal()
            try await system.producer.enqueue(note, Note(text: "x"))
            try await system.running(recording(journal)) { _ in
                try await eventually("it is a dead letter") { try await system.statistic("dead") == 1 }
            }
            #expect(journal.texts.isEmpty)
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 2)
            #expect(letters.map(\.reason) == ["unknown"])
        }
    }
}
