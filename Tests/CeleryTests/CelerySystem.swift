import Logging
import RedisClient
import ServiceLifecycle
import TaskQueue
import TestSupport

/// A broker, the real Celery's client, and what workers of both kinds are started with.
struct CelerySystem {
    static let pythonFolder = "\(TestPython.packageFolder)/Tests/CeleryTests/Python"
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let client: RedisClient
    let producer: TaskProducer
    /// Evaluates Python text.
    let python: PythonClient
    private let server: RedisServer
    private let configuration: WorkerConfiguration

    static func run(
        _ change: (inout WorkerConfiguration) -> Void = { _ in }, _ body: (CelerySystem) async throws -> Void
    ) async throws {
        let server = try await RedisServer.start()
        let redis = RedisConfiguration(url: try RedisURL(server.url(database: 3)))
        let client = RedisClient(redis, logger: logger)
        var configuration = WorkerConfiguration(broker: redis, name: "swift@here")
        configuration.results = ResultBackendConfiguration(redis: redis)
        change(&configuration)
        try await client.whileRunning {
            let python = try await PythonClient.start(environment(of: server), client)
            try await body(
                CelerySystem(
                    client: client, producer: TaskProducer(client: client), python: python, server: server,
                    configuration: configuration))
        }
    }

    private static func environment(of server: RedisServer) -> [String: String] {
        ["BROKER_URL": server.url(database: 3), "PYTHONDONTWRITEBYTECODE": "1"]
    }

    // MARK: - Workers

    /// Runs our worker while the body runs, then shuts it down gracefully.
    func withOurWorker(_ body: () async throws -> Void) async throws {
        let worker = TaskWorker(configuration, registry: SharedTasks.registry(notes: client), logger: Self.logger)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: worker)], logger: Self.logger))
        async let ended: Void = group.run()
        try await worker.waitUntilConsuming()
        try await body()
        await group.triggerGracefulShutdown()
        try await ended
    }

    /// Starts a real Celery worker and waits until it is ready.
    func startCelery(
        queue: String = "python", lateAcknowledgement: Bool = false, options: [String] = ["--pool", "solo"]
    ) async throws -> Program {
        var environment = Self.environment(of: server)
        if lateAcknowledgement { environment["ACKS_LATE"] = "yes" }
        let worker = try Program.start(
            TestPython.interpreter(),
            ["-m", "celery", "-A", "shared_tasks", "worker", "-l", "info", "-n", "python@here", "-Q", queue]
                + ["--without-mingle"] + options,
            environment: environment, folder: Self.pythonFolder)
        try await worker.waitForLine(containing: "python@here ready.")
        return worker
    }

    // MARK: - What can be seen

    /// What tasks have noted, in the order of time.
    func notes() async throws -> [String] {
        var notes: [String] = []
        for note in try await client.listElements("notes", from: 0, to: -1) {
            notes.append(String(decoding: note, as: UTF8.self))
        }
        return notes
    }

    /// The reason with which a task became a dead letter; nil when it is none.
    func deathReason(of id: String) async throws -> String? {
        let letters = try await QueueInspector(client: client, queue: "celery").deadLetters.list(limit: 100)
        return letters.first { $0.taskID == id }?.reason
    }

    /// One of the counters of our queue.
    func statistic(_ name: String) async throws -> Int {
        try await QueueInspector(client: client, queue: "celery").statistics().counters[name] ?? 0
    }
}
