import ArgumentParser
import Logging
import RedisClient

/// The options that all measurements share.
struct LoadOptions: ParsableArguments {
    @Option(help: "The Redis server: redis://host:port/database or unix:///path.")
    var url = "redis://127.0.0.1:6379/0"

    @Option(help: "How many tasks send commands at the same time.")
    var tasks = 64

    @Flag(help: "Run the tasks on the client's event loop instead of Swift's global pool.")
    var onEventLoop = false

    func validate() throws {
        guard tasks > 0 else { throw ValidationError("--tasks must be at least 1") }
    }

    /// Connects, stores what GET asks for, and hands over the load.
    func withLoad(_ body: (Load) async throws -> Void) async throws {
        var logger = Logger(label: "redis")
        logger.logLevel = .warning
        let client = RedisClient(RedisConfiguration(url: try RedisURL(url)), logger: logger)
        try await client.whileRunning {
            try await Operation.set.perform(client)
            try await body(Load(client: client, tasks: tasks, executor: onEventLoop ? .shared : nil))
        }
    }
}
