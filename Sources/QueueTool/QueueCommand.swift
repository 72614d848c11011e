public import ArgumentParser
internal import Operations

/// The `sms-queue` tool: looks into queues and mends them, next to `redis-cli`.
public struct QueueCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "sms-queue",
        abstract: "Looks into a queue and mends it.",
        discussion: """
            Numbers, codes and other arguments are masked unless --reveal says otherwise.

            What changes something is written into an audit log.

            Exit codes: 0 done, 1 not done (what was asked for is not there, Redis is away), 2 doctor or audit has \
            found a problem, 64 wrong usage, 78 wrong settings.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Looking",
                subcommands: [
                    Stats.self, Watch.self, List.self, Scheduled.self, Workers.self, Show.self, Deliveries.self,
                    Doctor.self,
                    Audit.self, Web.self,
                ]),
            CommandGroup(
                name: "Changing",
                subcommands: [Send.self, Cancel.self, Pause.self, Resume.self, Purge.self, Dead.self]),
            CommandGroup(name: "Measuring", subcommands: [Bench.self]),
        ])

    /// For the argument parser.
    public init() {}

    /// What is wrong with the first argument, when it should be the name of a subcommand and is none.
    public static func unknownSubcommand(in arguments: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-") else { return nil }
        var names: [String] = []
        for group in configuration.groupedSubcommands {
            for subcommand in group.subcommands { names.append(subcommand._commandName) }
        }
        guard !(names + ["help"]).contains(first), let nearest = nearestSpelling(to: first, among: names) else {
            return nil
        }
        return "there is no subcommand \(escapingControls(in: first)); the nearest is \(nearest), and --help shows all"
    }
}
