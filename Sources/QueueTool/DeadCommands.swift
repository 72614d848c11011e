internal import ArgumentParser
internal import TaskQueue

/// `sms-queue dead`
struct Dead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The messages that failed for good.",
        subcommands: [DeadList.self, DeadShow.self, DeadRetry.self, DeadDelete.self],
        defaultSubcommand: DeadList.self)
}

/// `sms-queue dead list`
struct DeadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists dead letters, the newest first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var filter: DeadFilterOptions
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let letters = try await ProgressLine.whileShown { progress in
                try await queue.deadLetters.list(filter.value, limit: shown.limit) { progress.show($0, of: $1) }
            }
            try options.show(letters) {
                TextTable.text(
                    ["ID", "TIME", "REASON", "TASK", "TASK ID", "ATTEMPTS", "MESSAGE"],
                    letters.map { letter in
                        [
                            letter.id, letter.time, letter.reason, letter.task ?? "-", letter.taskID ?? "-",
                            "\(letter.attempts)", letter.message,
                        ]
                    }, nothing: filter.value == .all ? "no dead letters" : "no such dead letters")
            }
            if letters.isEmpty { try await ProgressLine.whileShown { try await filter.tellOfReasons(in: queue, $0) } }
        }
    }
}

/// `sms-queue dead show`
struct DeadShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one dead letter in full.")

    @Argument(help: "The dead letter's id, as `sms-queue dead list` shows it, or its task's.")
    var id: String

    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let ids = try await ProgressLine.whileShown { try await queue.deadLetterIDs(id, $0) }
            if ids.count > 1 {
                throw ToolError("of that task there are \(ids.count) dead letters: \(ids.joined(separator: ", "))")
            }
            guard let details = try await queue.deadLetters.letter(ids[0]) else {
                throw DeadLettersNotThere(ids: [id])
            }
            let sample = try await queue.deadLetters.samples(.ids(ids), limit: 1, display: reveal.display).first
            let shown = ShownLetter(details: details, arguments: sample?.arguments, isOfTask: ids[0] != id)
            try options.show(shown) { Self.table(shown) }
        }
    }

    private static func table(_ shown: ShownLetter) -> String {
        let details = shown.details
        let letter = details.letter
        let headers = details.headers
        func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
        let expires = headers?.expires ?? "-"
        let rows: [[String]] = [
            ["id", letter.id + (shown.isOfTask ? " (the dead letter of the task that was asked for)" : "")],
            ["time", letter.time], ["last attempt", letter.started ?? "-"],
            ["reason", letter.reason],
            ["message", letter.message],
            ["worker", letter.worker],
            ["attempts", "\(letter.attempts)"],
            ["task", headers?.task ?? letter.task ?? "-"],
            ["task id", headers?.id ?? letter.taskID ?? "-"],
            ["arguments", shown.arguments ?? "-"],
            ["retries", number(headers?.retries)],
            ["redeliveries", number(headers?.redeliveries)],
            ["priority", number(headers?.priority)],
            ["eta", headers?.eta ?? "-"],
            ["expires", details.isExpired ? "\(expires) (expired)" : expires],
            ["origin", headers?.origin ?? "-"],
            ["size", "\(details.size) bytes"],
        ]
        return TextTable.text(["WHAT", "VALUE"], rows)
    }
}

/// A dead letter with its arguments, as they may be shown.
private struct ShownLetter: Encodable {
    let details: DeadLetterDetails
    let arguments: String?
    let isOfTask: Bool

    private enum CodingKeys: CodingKey { case arguments }

    func encode(to encoder: any Encoder) throws {
        try details.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(arguments, forKey: .arguments)
    }
}

/// `sms-queue dead retry`
struct DeadRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Puts dead letters back at the end of their line, to start anew.",
        discussion: "Expired ones are left where they are. It does not ask.")

    @OptionGroup var selection: DeadSelectionOptions

    @Option(parsing: .unconditional, help: "How many go back a second at most.")
    var rate: Int?

    @OptionGroup var preview: DryRunOptions

    @Flag(help: "Nothing is asked anyway; so that scripts may say so.")
    var yes = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard rate ?? 1 > 0 else { throw ValidationError("--rate \(rate ?? 0): expected a number above 0") }
    }

    func run() async {
        await options.connected { session in
            let (result, samples) = try await ProgressLine.whileShown { progress in
                let chosen = try await selection.value(in: session.queue, progress)
                let samples = try await preview.samples(chosen, in: session.queue)
                @Sendable func retry(_ queue: QueueInspector) async throws -> DeadLetterRetryResult {
                    try await queue.deadLetters.retry(chosen, perSecond: rate, dryRun: preview.dryRun) {
                        progress.show($0, of: $1)
                    }
                }
                guard !preview.dryRun else { return (try await retry(session.queue), samples) }
                return (
                    try await session.changing("dead retry", selection.subject, count: \.retried, retry), samples
                )
            }
            if preview.dryRun {
                try options.show(DryRun(would: result.retried, expired: result.expired, samples: samples)) {
                    "\(result.retried) would be put back, \(result.expired) are expired\n" + DryRun.table(samples)
                }
            } else if options.json || result.retried + result.expired > 0 || result.missing.isEmpty {
                try options.show(result) {
                    "\(result.retried) put back"
                        + (result.expired > 0 ? ", \(result.expired) expired and left" : "")
                }
            }
            guard result.missing.isEmpty else { throw DeadLettersNotThere(ids: result.missing) }
            if result.retried + result.expired == 0 { try await selection.tellOfReasons(in: session.queue) }
        }
    }
}

/// `sms-queue dead delete`
struct DeadDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes dead letters for good.",
        discussion: "Asks before it deletes more than one.")

    @OptionGroup var selection: DeadSelectionOptions
    @OptionGroup var preview: DryRunOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard yes || preview.dryRun || selection.ids.count == 1 || Terminal.isAttended else {
            throw ValidationError("There is no terminal to ask on: give --yes to delete more than one dead letter.")
        }
    }

    func run() async {
        await options.connected { session in
            let queue = session.queue
            let (chosen, count) = try await ProgressLine.whileShown { progress in
                let chosen = try await selection.value(in: queue, progress)
                return switch chosen {
                case .ids(let ids): (chosen, ids.count)
                case .matching(let filter):
                    (chosen, try await queue.deadLetters.count(filter) { progress.show($0, of: $1) })
                }
            }
            if count == 0 { try await selection.tellOfReasons(in: queue) }
            guard !preview.dryRun else {
                let samples = try await preview.samples(chosen, in: queue)
                return try options.show(DryRun(would: count, expired: nil, samples: samples)) {
                    "\(count) would be deleted\n" + DryRun.table(samples)
                }
            }
            guard
                yes || count <= 1
                    || Terminal.confirms("Delete \(count) dead letters of the queue \(queue.queue) for good?")
            else { throw ToolError("nothing was deleted") }
            let result = try await ProgressLine.whileShown { progress in
                try await session.changing("dead delete", selection.subject, count: \.deleted) {
                    try await $0.deadLetters.delete(chosen) { progress.show($0, of: $1) }
                }
            }
            if options.json || result.deleted > 0 || result.missing.isEmpty {
                try options.show(result) { "\(result.deleted) deleted" }
            }
            guard result.missing.isEmpty else { throw DeadLettersNotThere(ids: result.missing) }
        }
    }
}

/// To see what a command would do.
struct DryRunOptions: ParsableArguments {
    @Flag(help: "Change nothing: say how many it would be, and show some of them.")
    var dryRun = false

    @Option(help: "How many a dry run shows.")
    var samples = 5

    @OptionGroup var reveal: RevealOption

    func samples(_ selection: DeadLetterSelection, in queue: QueueInspector) async throws -> [DeadLetterSample] {
        guard dryRun, samples > 0 else { return [] }
        return try await queue.deadLetters.samples(selection, limit: samples, display: reveal.display)
    }
}

/// What a command would do.
private struct DryRun: Encodable {
    let would: Int
    let expired: Int?
    let samples: [DeadLetterSample]

    static func table(_ samples: [DeadLetterSample]) -> String {
        TextTable.text(
            ["ID", "TIME", "REASON", "TASK", "TASK ID", "ARGUMENTS"],
            samples.map { sample in
                [
                    sample.letter.id, sample.letter.time, sample.letter.reason, sample.letter.task ?? "-",
                    sample.letter.taskID ?? "-", sample.arguments ?? "-",
                ]
            })
    }
}

private struct DeadLettersNotThere: Error, CustomStringConvertible {
    let ids: [String]
    var description: String {
        "no dead letter with the id \(ids.joined(separator: ", ")); sms-queue dead list shows those there are"
    }
}
