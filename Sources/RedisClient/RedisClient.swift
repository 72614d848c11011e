public import Logging

/// A Redis client: one connection that all tasks share, and connections of their own for commands that block.
///
/// ```swift
/// let client = RedisClient(RedisConfiguration(url: try RedisURL("redis://127.0.0.1:6379/0")), logger: logger)
/// try await client.whileRunning {
///     try await client.set("greeting", "hello", expiry: .seconds(60))
/// }
/// ```
///
/// In a service, ``run()`` is one of the services of a `ServiceGroup`. Commands that are sent before the first
/// connection is up wait for it.
public final class RedisClient: Sendable {
    /// What it was made with.
    public let configuration: RedisConfiguration
    private let logger: Logger
    private let shared: RedisConnection

    /// Makes a client that is not connected: call ``run()`` or ``whileRunning(_:)``.
    public init(_ configuration: RedisConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        shared = RedisConnection(configuration, logger: logger)
    }

    /// Keeps the client connected until the task is cancelled.
    public func run() async {
        await shared.run()
    }

    /// Keeps the client connected while the closure runs.
    public func whileRunning<Result: Sendable>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        async let _: Void = run()
        return try await body()
    }

    /// Sends any command on the shared connection and waits for its reply. Never a command that blocks.
    ///
    /// - Throws: ``RedisError``, also for an error that the server answers with.
    public func send(_ command: RedisCommand) async throws(RedisError) -> RESPValue {
        try await shared.send(command)
    }

    /// Sends commands together, in this order; failed ones are ``RESPValue/error(_:)`` in the result.
    public func send(_ commands: [RedisCommand]) async throws(RedisError) -> [RESPValue] {
        try await shared.send(commands)
    }

    /// Gives a connection of its own, kept connected while the closure runs: for commands that block.
    public func withDedicatedConnection(
        name: String, _ body: @Sendable (RedisConnection) async throws -> Void
    ) async rethrows {
        var own = configuration
        own.clientName = configuration.clientName.map { "\($0)/\(name)" } ?? name
        own.whileDisconnected = .wait
        // The shared connection tells of an outage already.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .error)
        let connection = RedisConnection(own, logger: quiet)
        async let _: Void = connection.run()
        try await body(connection)
    }

    /// Runs a script as one atomic step.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - keys: What the script sees as `KEYS`.
    ///   - arguments: What the script sees as `ARGV`.
    /// - Throws: ``RedisError``.
    public func run(
        _ script: RedisScript, keys: [String], arguments: [any RedisArgument] = []
    ) async throws(RedisError) -> RESPValue {
        var tail: [any RedisArgument] = [keys.count]
        tail += keys.map { $0 as any RedisArgument }
        tail += arguments
        let digest: String
        if let known = script.digest {
            digest = known
        } else {
            digest = try await send(RedisCommand("SCRIPT", "LOAD", script.source)).text
            script.digest = digest
        }
        do throws(RedisError) {
            return try await send(RedisCommand("EVALSHA", arguments: [digest] + tail))
        } catch  where error.serverPrefix == "NOSCRIPT" {
            return try await send(RedisCommand("EVAL", arguments: [script.source] + tail))
        }
    }
}
