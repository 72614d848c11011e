import Foundation
import Logging
import RedisClient
import ServiceLifecycle
import TaskQueue
import UnixSignals

/// A worker process for the crash tests to kill, to stop and to terminate.
///
/// Arguments: the broker's URL, the worker's name, its concurrency, its grace in milliseconds. Its first line says its
/// name in Redis.
@main
struct CrashTestWorker {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let concurrency = Int(arguments[3]), let grace = Int(arguments[4]) else {
            print("usage: CrashTestWorker <broker> <name> <concurrency> <grace in milliseconds>")
            exit(64)
        }
        var logger = Logger(label: "crash-test-worker", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning

        var broker = RedisConfiguration(url: try RedisURL(arguments[1]))
        // By this name the test knows when the server has seen the last of a process.
        broker.clientName = arguments[2]
        var configuration = WorkerConfiguration(broker: broker, name: arguments[2])
        configuration.concurrency = concurrency
        configuration.grace = .milliseconds(grace)

        let redis = RedisClient(broker, logger: logger)
        try await redis.whileRunning {
            let notebook = Notebook(redis: redis, worker: configuration.name)
            let worker = TaskWorker(configuration, registry: registry(notebook), logger: logger)
            print(worker.id)
            fflush(nil)
            try await ServiceGroup(services: [worker], gracefulShutdownSignals: [.sigterm], logger: logger).run()
        }
    }

    private static func registry(_ notebook: Notebook) -> TaskRegistry {
        var registry = TaskRegistry()
        registry.register(CrashTasks.work) { work, context in
            try await Task.sleep(for: .milliseconds(work.milliseconds) / 2)
            try await notebook.haveEffect(context)
            try await Task.sleep(for: .milliseconds(work.milliseconds) / 2)
            return 0
        }
        for task in [CrashTasks.gated, CrashTasks.gatedOnce] {
            registry.register(task) { gated, context in
                if gated.place == .beforeTheFence { try await notebook.pass(gated.gate, context) }
                try await notebook.haveEffect(context)
                if gated.place == .afterTheEffect { try await notebook.pass(gated.gate, context) }
                return 0
            }
        }
        return registry
    }
}
