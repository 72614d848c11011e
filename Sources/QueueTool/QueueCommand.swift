public import ArgumentParser
internal import Operations

/// The `sms-queue` tool: looks into queues and mends them, next to `redis-cli`.
public struct QueueCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "sms-queue",
        abstract: "Looks into a queue and mends it.",
        discussion:
            "Numbers and codes are never shown. Exit codes: 0 done, 1 failed, 64 wrong usage, 78 wrong settings.",
        version: Version.current,
        subcommands: [Stats.self, List.self, Dead.self, Pause.self, Resume.self])

    /// For the argument parser.
    public init() {}
}
