internal import ArgumentParser
internal import FoundationEssentials
internal import Logging
internal import Operations
internal import RedisClient
internal import TaskQueue

/// The flags that all subcommands have: which queue, where, and in what form to answer.
struct QueueOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Setting.broker.helpText))
    var broker: String?

    @Option(name: [.customShort("Q"), .long], help: ArgumentHelp(Setting.queue.helpText))
    var queue: String?

    @Option(help: ArgumentHelp(Setting.configurationFile.helpText))
    var config: String?

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    /// Connects, lets the body work with the queue and prints what goes wrong on one line.
    func run(_ body: @escaping @Sendable (QueueInspector) async throws -> Void) async {
        await runProgram(name: "sms-queue") {
            let declared = [
                Setting.broker.description, Setting.queue.description, Setting.configurationFile.description,
            ]
            let settings = try Settings(
                declared: declared,
                flags: [
                    Setting.broker.given(broker), Setting.queue.given(queue), Setting.configurationFile.given(config),
                ])
            var configuration = RedisConfiguration(url: try settings.redisURL(.broker))
            configuration.clientName = "sms-queue"
            configuration.whileDisconnected = .fail
            let silent = Logger(label: "sms-queue") { _ in SwiftLogNoOpLogHandler() }
            let client = RedisClient(configuration, logger: silent)
            let inspector = QueueInspector(client: client, queue: try settings.read(.queue))
            try await client.whileRunning { try await body(inspector) }
        }
    }

    /// Prints a value as JSON, or as the table that the closure makes.
    func show(_ value: some Encodable, _ table: () -> String) throws {
        guard json else { return printNow(table()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        printNow(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// How much a listing shows.
struct LimitOption: ParsableArguments {
    @Option(help: "How many to show.")
    var limit = 20

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit \(limit): expected a number above 0") }
    }
}
