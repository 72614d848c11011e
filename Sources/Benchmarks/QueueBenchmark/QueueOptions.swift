import ArgumentParser
import Glibc
import Logging
import RedisClient
import TaskQueue

/// The options that all measurements share.
struct QueueOptions: ParsableArguments {
    @Option(help: "The broker: redis://host:port/database or unix:///path.")
    var url = "redis://127.0.0.1:6379/0"

    @Option(help: "The queue's name.")
    var queue = "celery"

    func withClient(_ body: (RedisClient) async throws -> Void) async throws {
        let client = RedisClient(RedisConfiguration(url: try RedisURL(url)), logger: logger)
        try await client.whileRunning { try await body(client) }
    }

    /// Quiet as Celery's worker is by default.
    var logger: Logger {
        var logger = Logger(label: "benchmark") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return logger
    }
}

/// The options of the commands that run a worker.
struct WorkerOptions: ParsableArguments {
    @OptionGroup var queue: QueueOptions

    @Option(help: "How many tasks run at once.")
    var concurrency = 64

    @Flag(help: "Run the tasks on the client's event loop instead of Swift's global pool.")
    var onEventLoop = false

    /// Runs a worker until the body returns. Says on a line of its own when it takes messages.
    func withWorker<Result: Sendable>(
        _ registry: TaskRegistry, _ middleware: [any TaskMiddleware] = [], until body: () async throws -> Result
    ) async throws -> Result {
        var configuration = WorkerConfiguration(
            broker: RedisConfiguration(url: try RedisURL(queue.url)), name: "benchmark@localhost")
        configuration.queues = [QueueShare(queue.queue)]
        configuration.concurrency = concurrency
        configuration.middleware = middleware
        if onEventLoop { configuration.executor = RedisEventLoop.shared }
        let worker = TaskWorker(configuration, registry: registry, logger: queue.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            try await worker.waitUntilConsuming()
            print("ready")
            fflush(nil)
            let result = try await body()
            group.cancelAll()
            return result
        }
    }
}
