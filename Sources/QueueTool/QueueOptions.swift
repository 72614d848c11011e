internal import ArgumentParser
internal import FoundationEssentials
internal import Logging
internal import Operations
internal import RedisClient
internal import TaskQueue
internal import UnixSignals

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The flags that all subcommands have: which queue, where, and in what form to answer.
struct QueueOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Setting.broker.helpText))
    var broker: String?

    @Option(name: [.customShort("Q"), .long], help: ArgumentHelp(Setting.queue.helpText))
    var queue: String?

    @Option(help: ArgumentHelp(Setting.configurationFile.helpText), completion: .file())
    var config: String?

    @Option(help: ArgumentHelp(Setting.auditKeyFile.helpText), completion: .file())
    var auditKey: String?

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    /// Connects and lets the body work with the queue.
    func run(_ body: @escaping @Sendable (QueueInspector) async throws -> Void) async {
        await connected { session in try await body(session.queue) }
    }

    /// Connects, lets the body work and gives what it returns; ends the program with one line when something goes wrong.
    func connected<Result: Sendable>(
        resultBackend: String? = nil, _ body: (QueueSession) async throws -> Result
    ) async -> Result {
        var result: Result?
        await runProgram(name: "sms-queue") {
            let settings = try settings(flags: [Setting.resultBackend.given(resultBackend)])
            let session = try session(settings)
            do {
                result = try await session.client.whileRunning { try await body(session) }
            } catch let error as RedisError where error.serverError == .wrongType {
                throw ToolError("\(error); sms-queue doctor tells which key of the queue \(session.name) it is")
            }
        }
        // The program ended in there when there is none.
        guard let result else { endProcess() }
        return result
    }

    /// The settings of all subcommands, and more of one.
    func settings(
        and more: [SettingDescription] = [], flags: [GivenFlag?] = []
    ) throws(ConfigurationError) -> Settings {
        let declared = [
            Setting.broker.description, Setting.queue.description, Setting.configurationFile.description,
            Setting.resultBackend.description, Setting.auditKeyFile.description,
        ]
        return try Settings(
            declared: declared + more,
            flags: [
                Setting.broker.given(broker), Setting.queue.given(queue), Setting.configurationFile.given(config),
                Setting.auditKeyFile.given(auditKey),
            ] + flags)
    }

    /// What the settings say to work with.
    func session(_ settings: Settings) throws -> QueueSession {
        let auditKey = try settings.read(.auditKeyFile).map { file in
            try naming(.auditKeyFile) { try AuditKey(contentsOfNamedFile(file)) }
        }
        return QueueSession(
            client: Self.client(try settings.redisURL(.broker)), name: try settings.read(.queue),
            results: try settings.redisURL(.resultBackend), auditKey: auditKey)
    }

    /// Prints a value as JSON, or as the table that the closure makes.
    func show(_ value: some Encodable, _ table: () -> String) throws {
        printNow(json ? try Self.text(value) : table())
    }

    /// A value as JSON, for people or on one line.
    static func text(_ value: some Encodable, onOneLine: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !onOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A client for one command or console: it fails at once while Redis cannot be reached, and logs nothing.
    static func client(_ url: RedisURL) -> RedisClient {
        var configuration = RedisConfiguration(url: url)
        configuration.clientName = "sms-queue"
        configuration.whileDisconnected = .fail
        return RedisClient(configuration, logger: Logger(label: "sms-queue") { _ in SwiftLogNoOpLogHandler() })
    }
}

private func endProcess() -> Never { exit(1) }

/// What a subcommand works with.
struct QueueSession: Sendable {
    let client: RedisClient
    let name: String
    /// Where results are, when that was said.
    let results: RedisURL?
    /// Signs the audit log, when that was said.
    var auditKey: AuditKey?

    var queue: QueueInspector { QueueInspector(client: client, queue: name) }
    /// All queues of the database, by name.
    func allQueues() async throws(RedisError) -> [QueueInspector] {
        try await QueueInspector.queues(client).map { QueueInspector(client: client, queue: $0) }
    }

    var audit: AuditLog { AuditLog(client: client, queue: name, key: auditKey) }

    /// Makes a change to the queue, which all changes go through: it is written into the audit log, or not made.
    ///
    /// - Parameters:
    ///   - action: What is done, in the words of the tool: `dead delete`.
    ///   - subject: To what: ids, or the conditions that were given; what looks like a phone number is masked.
    ///   - actor: Who does it.
    ///   - count: How many messages it concerned, from what the change returns.
    ///   - change: Makes it.
    func changing<Value>(
        _ action: String, _ subject: String = "", by actor: String, count: (Value) -> Int? = { _ in nil },
        _ change: (QueueInspector) async throws -> Value
    ) async throws -> Value {
        try await audit.recording(action, of: subject, by: actor, count: count) { try await change(queue) }
    }

    /// The same by whoever runs this process, for whom Ctrl-C (SIGINT) or SIGTERM stops it.
    func changing<Value: Sendable>(
        _ action: String, _ subject: String = "", count: (Value) -> Int? = { _ in nil },
        _ change: @escaping @Sendable (QueueInspector) async throws -> Value
    ) async throws -> Value {
        try await changing(action, subject, by: ProcessOwner.name, count: count) { queue in
            let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm])
            let work = Task { try await change(queue) }
            let listening = Task {
                for await _ in signals { work.cancel() }
            }
            defer { listening.cancel() }
            let end = await work.result
            if work.isCancelled, case .failure = end { throw ToolError("stopped; what was done before stays so") }
            return try end.get()
        }
    }

    /// Lets the body work with the client of the results; nil: the broker's.
    func withResults<Result: Sendable>(_ body: (RedisClient?) async throws -> Result) async throws -> Result {
        guard let results else { return try await body(nil) }
        let client = QueueOptions.client(results)
        return try await client.whileRunning { try await body(client) }
    }
}

/// How much a listing shows.
struct LimitOption: ParsableArguments {
    /// So many fit into some megabytes and take less than a second.
    private static let most = 10_000

    @Option(parsing: .unconditional, help: "How many to show, 10000 at most.")
    var limit = 20

    func validate() throws {
        guard (1...Self.most).contains(limit) else {
            throw ValidationError(
                "--limit \(limit): expected a number from 1 to \(Self.most); redis-cli LRANGE shows any part of a queue"
            )
        }
    }
}

/// Whether arguments are shown in full.
struct RevealOption: ParsableArguments {
    @Flag(help: "Show numbers, codes and all other arguments in full.")
    var reveal = false

    var display: ArgumentDisplay { reveal ? .revealed : .masked }
}

/// An error of this tool in one line.
struct ToolError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
