internal import ArgumentParser
internal import Operations
internal import TaskQueue

/// The conditions that dead letters are chosen by.
struct DeadFilterOptions: ParsableArguments {
    @Option(help: "Those that died for this reason, such as retries-exhausted.")
    var reason: String?

    @Option(help: "Those of this task.")
    var task: String?

    @Option(
        help: ArgumentHelp("Those that died then or later: ISO 8601, UTC unless it says.", valueName: "time"),
        transform: wireTime)
    var after: WireTime?

    @Option(help: ArgumentHelp("Those that died before.", valueName: "time"), transform: wireTime)
    var before: WireTime?

    var value: DeadLetterFilter { DeadLetterFilter(reason: reason, task: task, after: after, before: before) }
}

extension DeadLetterSelection {
    /// As many ids are told to the audit log.
    private static let toldIDs = 20

    /// Which ones, for the audit log: the ids, or the conditions as flags.
    var subject: String {
        switch self {
        case .ids(let ids):
            return ids.prefix(Self.toldIDs).joined(separator: " ") + (ids.count > Self.toldIDs ? " …" : "")
        case .matching(.all): return "--all"
        case .matching(let filter):
            let flags = [
                ("reason", filter.reason), ("task", filter.task), ("after", filter.after?.text),
                ("before", filter.before?.text), ("text", filter.text.map { _ in "***" }),
            ]
            return flags.compactMap { name, value in value.map { "--\(name) \($0)" } }.joined(separator: " ")
        }
    }
}

func wireTime(_ text: String) throws -> WireTime {
    guard let time = WireTime(text) else { throw ValidationError("expected a time such as 2026-11-23T05:56:44Z") }
    return time
}

/// Which dead letters a command changes. Never all of them by mistake: something must be said.
struct DeadSelectionOptions: ParsableArguments {
    @Argument(help: "The dead letters' ids, as `sms-queue dead list` shows them, or their tasks'.")
    var ids: [String] = []

    @Flag(help: "All dead letters.")
    var all = false

    @OptionGroup var filter: DeadFilterOptions

    /// Which ones, as they were given, for the audit log.
    var subject: String { (ids.isEmpty ? DeadLetterSelection.matching(filter.value) : .ids(ids)).subject }

    /// Which ones, the ids of tasks replaced by those of their letters.
    func value(in queue: QueueInspector, _ progress: ProgressLine) async throws -> DeadLetterSelection {
        guard !ids.isEmpty else { return .matching(filter.value) }
        var found: [String] = []
        for id in ids { found += try await queue.deadLetterIDs(id, progress) }
        return .ids(found)
    }

    func tellOfReasons(in queue: QueueInspector) async throws {
        try await ProgressLine.whileShown { try await filter.tellOfReasons(in: queue, $0) }
    }

    func validate() throws {
        let ways = [!ids.isEmpty, all, filter.value != .all].filter { $0 }.count
        guard ways > 0 else {
            throw ValidationError("Say which: ids, or --reason, --task, --after, --before, or --all.")
        }
        guard ways == 1 else {
            throw ValidationError("Give ids, or conditions, or --all: only one of the three.")
        }
    }
}

extension DeadFilterOptions {
    /// Tells people, when nothing was found, that no letter has the reason that was asked for: it may be mistyped.
    func tellOfReasons(in queue: QueueInspector, _ progress: ProgressLine) async throws {
        guard let reason else { return }
        let counts = try await queue.deadLetters.countsByReason { progress.show($0, of: $1) }
        guard !counts.isEmpty, counts[reason] == nil else { return }
        let known = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
        let total = counts.values.reduce(0, +)
        Terminal.write(
            "sms-queue: none of \(total) dead letters has the reason \(escapingControls(in: reason)); there are: "
                + "\(escapingControls(in: known.joined(separator: ", ")))\n")
    }
}

extension QueueInspector {
    /// The dead letters that somebody means by an id: that one, or those of the task of that id. The id as it is when
    /// there are none.
    func deadLetterIDs(_ id: String, _ progress: ProgressLine) async throws -> [String] {
        guard try await deadLetters.letter(id) == nil else { return [id] }
        let letters = try await deadLetters.ids(ofTask: id) { progress.show($0, of: $1) }
        return letters.isEmpty ? [id] : letters
    }
}
