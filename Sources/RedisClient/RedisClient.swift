internal import CHiredisShim
public import Logging
import Synchronization

/// A Redis client: connections that all tasks share, and connections of their own for commands that block.
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
    /// The version of hiredis that this was built with, such as `1.2.0`.
    public static var hiredisVersion: String { String(cString: chiredis_version()) }
    /// Whether that hiredis reads the third version of the protocol: see ``RedisConfiguration/protocolVersion``.
    public static var readsRESP3: Bool { chiredis_reads_resp3() != 0 }

    /// What it was made with.
    public let configuration: RedisConfiguration
    private let logger: Logger
    private let shared: [RedisConnection]
    private let turn = Atomic<Int>(0)
    private let dedicated = Locked<[ObjectIdentifier: RedisConnection]>([:])
    private let counts: ConnectionCounts

    /// Makes a client that is not connected: call ``run()`` or ``whileRunning(_:)``.
    public init(_ configuration: RedisConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let counts = ConnectionCounts()
        self.counts = counts
        // The first one tells of an outage, the others would only repeat it.
        shared = (0..<max(1, configuration.connections)).map { number in
            RedisConnection(configuration, logger: number == 0 ? logger : logger.quiet, counts: counts)
        }
    }

    /// How its connections fare at this moment.
    public var status: RedisClientStatus { counts.status(isConnected: shared[0].isReady) }

    /// Keeps the client connected until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for connection in shared {
                group.addTask { await connection.run() }
            }
            if case .sentinel(let sentinels) = configuration.url.endpoint {
                let watch = MasterWatch(sentinels: sentinels, configuration: configuration)
                group.addTask {
                    await watch.run { [self] master in follow(master) }
                }
            }
        }
    }

    /// Keeps the client connected while the closure runs, also when its task is cancelled: until the closure has returned.
    public func whileRunning<Result: Sendable>(
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        try await keep({ [self] in await run() }, while: body)
    }

    private func follow(_ master: HostAndPort) {
        let dedicated = dedicated.withLock { Array($0.values) }
        for connection in shared + dedicated { connection.follow(master: master) }
    }

    // MARK: - Commands

    /// Sends any command on a shared connection and waits for its reply. Never a command that blocks.
    ///
    /// - Throws: ``RedisError``, also for an error that the server answers with.
    public func send(_ command: RedisCommand) async throws(RedisError) -> RESPValue {
        try await connection.send(command)
    }

    /// Sends commands together, in this order; failed ones are ``RESPValue/error(_:)`` in the result.
    ///
    /// See ``RedisConnection/send(_:)`` for what happens with very many, and with scripts that the server does not know.
    public func send(_ commands: [RedisCommand]) async throws(RedisError) -> [RESPValue] {
        try await connection.send(commands)
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
        try await connection.send(.run(script, keys: keys, arguments: arguments))
    }

    private var connection: RedisConnection {
        guard shared.count > 1 else { return shared[0] }
        let number = turn.wrappingAdd(1, ordering: .relaxed).newValue
        return shared[Int(UInt(bitPattern: number) % UInt(shared.count))]
    }

    // MARK: - Connections for one purpose

    /// Gives a connection of its own, kept connected while the closure runs: for commands that block, see
    /// ``RedisConnection/sendBlocking(_:upTo:)``.
    ///
    /// - Parameters:
    ///   - name: Added to the client's name in `CLIENT LIST`.
    ///   - whileDisconnected: What commands on it do while the server is away.
    ///   - body: Uses the connection, which ends when it returns.
    public func withDedicatedConnection<Result: Sendable>(
        name: String, whileDisconnected: RedisConfiguration.WhileDisconnected = .wait,
        _ body: (RedisConnection) async throws -> Result
    ) async rethrows -> Result {
        var configuration = own(name)
        configuration.whileDisconnected = whileDisconnected
        let connection = RedisConnection(
            configuration, logger: logger.quiet, unblocker: shared[0], counts: counts)
        register(connection)
        defer { unregister(connection) }
        return try await keep({ await connection.run() }, while: { try await body(connection) })
    }

    /// Listens to what is published, on a connection of its own, while the closure runs.
    ///
    /// Redis keeps no message for who is away. Each time when the subscription comes into force the events tell so, first
    /// of all at the start.
    ///
    /// ```swift
    /// try await client.subscribe(to: ["news"]) { events in
    ///     for await case .message(let message) in events { print(message.channel, message.text) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - channels: Names of channels.
    ///   - patterns: Patterns of names, such as `news.*`.
    ///   - body: Reads the events. Who falls behind by more than 10,000 loses the oldest.
    ///
    /// Source: <https://redis.io/docs/latest/develop/interact/pubsub/>
    public func subscribe<Result: Sendable>(
        to channels: [String], patterns: [String] = [],
        _ body: (AsyncStream<SubscriptionEvent>) async throws -> Result
    ) async rethrows -> Result {
        let subscription = RedisSubscription(
            own("subscriber"), channels: channels, patterns: patterns, logger: logger.quiet, counts: counts)
        register(subscription.connection)
        defer { unregister(subscription.connection) }
        return try await keep({ await subscription.run() }, while: { try await body(subscription.events) })
    }

    /// Lets a connection follow the master too.
    private func register(_ connection: RedisConnection) {
        dedicated.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    private func unregister(_ connection: RedisConnection) {
        _ = dedicated.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    private func own(_ name: String) -> RedisConfiguration {
        var own = configuration
        own.clientName = configuration.clientName.map { "\($0)/\(name)" } ?? name
        own.whileDisconnected = .wait
        return own
    }
}

/// Runs something beside the closure, until the closure has returned.
///
/// It is no child of the task: what the task's cancellation interrupts still has to end properly over the connection.
private func keep<Result: Sendable>(
    _ run: @escaping @Sendable () async -> Void, while body: () async throws -> Result
) async rethrows -> Result {
    let running = Task { await run() }
    do {
        let result = try await body()
        running.cancel()
        await running.value
        return result
    } catch {
        running.cancel()
        await running.value
        throw error
    }
}

extension Logger {
    /// For connections beside one that tells of an outage already. A refused subscription is still told.
    fileprivate var quiet: Logger {
        var quiet = self
        quiet.logLevel = max(logLevel, .error)
        return quiet
    }
}
