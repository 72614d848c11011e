import Logging
import RedisClient
import Synchronization
import TestSupport

@testable import TaskQueue

struct Note: TaskArguments {
    var text: String
    static let parameterNames = ["text"]
}

let note = TaskDefinition<Note, Int>("note")

/// What the tasks of a test did, seen from outside.
final class Journal: Sendable {
    private let entries = Mutex<[String]>([])
    var texts: [String] { entries.withLock { $0 } }
    func add(_ text: String) { entries.withLock { $0.append(text) } }
}

/// A real server, a producer and what workers of a test are made with.
struct QueueSystem {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let server: RedisServer
    let client: RedisClient
    let producer: TaskProducer
    let configuration: WorkerConfiguration

    static func run(
        arguments: [String] = [], _ change: (inout WorkerConfiguration) -> Void = { _ in },
        _ body: (QueueSystem) async throws -> Void
    ) async throws {
        let server = try await RedisServer.start(appendOnly: true, arguments: arguments)
        var redis = RedisConfiguration(url: try RedisURL(server.url(database: 3)))
        redis.commandTimeout = .seconds(2)
        let client = RedisClient(redis, logger: logger)
        var configuration = WorkerConfiguration(broker: redis, name: "test@here")
        configuration.grace = .seconds(5)
        // No test lasts until the next one begins: what is left behind does not depend on the time of day.
        configuration.historySlot = .seconds(1_000_000)
        change(&configuration)
        try await client.whileRunning {
            try await body(
                QueueSystem(
                    server: server, client: client, producer: TaskProducer(client: client),
                    configuration: configuration))
        }
    }

    /// Runs a worker while the body runs.
    func running(_ registry: TaskRegistry, _ body: (TaskWorker) async throws -> Void) async throws {
        let worker = TaskWorker(configuration, registry: registry, logger: Self.logger)
        async let _: Void = worker.run()
        try await body(worker)
    }

    /// One of the counters of the queue.
    func statistic(_ name: String, of queue: String = "celery") async throws -> Int {
        try await client.send(RedisCommand("HGET", "{\(queue)}:stats", name)).optional?.integer ?? 0
    }
}

/// A registry with one task.
func registry(
    _ task: TaskDefinition<Note, Int> = note, _ body: @escaping @Sendable (Note, TaskContext) async throws -> Int
) -> TaskRegistry {
    var registry = TaskRegistry()
    registry.register(task, body)
    return registry
}

/// A task that only writes down that it ran.
func recording(_ journal: Journal, _ task: TaskDefinition<Note, Int> = note) -> TaskRegistry {
    registry(task) { note, _ in
        journal.add(note.text)
        return 0
    }
}
