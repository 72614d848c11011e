internal import ArgumentParser
internal import Operations
internal import TaskQueue

/// `sms-queue dead`
struct Dead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The messages that failed for good.", subcommands: [DeadList.self, DeadRetry.self],
        defaultSubcommand: DeadList.self)
}

/// `sms-queue dead list`
struct DeadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists dead letters, the newest first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let letters = try await queue.deadLetters(limit: shown.limit)
            try options.show(letters) {
                TextTable.text(
                    ["ID", "TIME", "REASON", "TASK", "ATTEMPTS", "MESSAGE"],
                    letters.map { [$0.id, $0.time, $0.reason, $0.task ?? "-", "\($0.attempts)", $0.message] })
            }
        }
    }
}

/// `sms-queue dead retry`
struct DeadRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Puts dead letters back at the end of their line.")

    @Argument(help: "The dead letters' ids, as `sms-queue dead list` shows them.")
    var ids: [String]

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            var retried: [String] = []
            var missing: [String] = []
            for id in ids {
                if try await queue.retryDeadLetter(id) { retried.append(id) } else { missing.append(id) }
            }
            try options.show(["retried": retried, "missing": missing]) { "\(retried.count) put back" }
            guard missing.isEmpty else { throw NoSuchDeadLetter(ids: missing) }
        }
    }
}

private struct NoSuchDeadLetter: Error, CustomStringConvertible {
    let ids: [String]
    var description: String {
        "no dead letter with the id \(ids.joined(separator: ", ")); sms-queue dead list shows those there are"
    }
}

/// `sms-queue pause`
struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stops the claiming of tasks; what runs goes on, what comes waits.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            try await queue.pause()
            try options.show(["paused": true]) { "paused; sms-queue resume ends it" }
        }
    }
}

/// `sms-queue resume`
struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a pause.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let wasPaused = try await queue.resume()
            try options.show(["paused": false, "was_paused": wasPaused]) { wasPaused ? "resumed" : "it was not paused" }
        }
    }
}
