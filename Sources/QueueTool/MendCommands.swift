internal import ArgumentParser
internal import SMSVerification
internal import TaskQueue

/// `sms-queue pause`
struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stops the claiming of tasks; what runs goes on, what comes waits.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.connected { session in
            try await session.changing("pause") { try await $0.pause() }
            try options.show(["paused": true]) { "paused; sms-queue resume ends it" }
        }
    }
}

/// `sms-queue resume`
struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends a pause.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.connected { session in
            let wasPaused = try await session.changing("resume") { try await $0.resume() }
            try options.show(["paused": false, "was_paused": wasPaused]) { wasPaused ? "resumed" : "it was not paused" }
        }
    }
}

/// `sms-queue purge`
struct Purge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Throws all waiting tasks away, for good.",
        discussion: "It asks before. What workers hold goes on; dead letters stay.")

    @Flag(help: "Also those that wait for their time, and those that wait for the limits of their task.")
    var all = false

    @Flag(help: "Only say how many there are.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard yes || dryRun || Terminal.isAttended else {
            throw ValidationError("There is no terminal to ask on: give --yes to throw the tasks away.")
        }
    }

    func run() async {
        await options.connected { session in
            let queue = session.queue
            let statistics = try await ProgressLine.whileShown("counting") { _ in try await queue.statistics() }
            let more = statistics.scheduled + statistics.limited.values.reduce(0, +)
            let count = statistics.allWaiting + (all ? more : 0)
            guard !dryRun else {
                return try options.show(["would_purge": count]) { "\(count) would be thrown away" }
            }
            guard yes || Terminal.confirms("Throw away \(count) tasks of the queue \(queue.queue) for good?") else {
                throw ToolError("nothing was thrown away")
            }
            let scope = all ? Set(QueueInspector.PurgeScope.allCases) : []
            let purged = try await ProgressLine.whileShown("throwing \(count) away") { _ in
                try await session.changing("purge", all ? "--all" : "", count: { $0 }) { try await $0.purge(scope) }
            }
            try options.show(["purged": purged]) { "\(purged) thrown away" }
        }
    }
}

/// `sms-queue cancel`
struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes back a task that no worker has yet.",
        discussion: """
            With --mobile or --argument all tasks of the queue are looked at, and all that fit are taken back; sealed ones \
            cannot be looked into.
            """)

    @Argument(help: "The task's id.")
    var id: String?

    @Option(help: "All tasks for this phone number.")
    var mobile: String?

    @Option(help: "All tasks that have this text as one of their arguments.")
    var argument: String?

    @Flag(help: "Only say what would be taken back.")
    var dryRun = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        let given = [id, mobile, argument].compactMap { $0 }
        guard given.count == 1 else {
            throw ValidationError("Say what to cancel: an id, or --mobile, or --argument, one of the three.")
        }
        guard given[0].contains(where: { !$0.isWhitespace }) else {
            throw ValidationError(
                "What to cancel is empty: give an id, as sms-queue list shows it, or --mobile, or --argument.")
        }
        if let mobile, spellings(ofMobile: mobile).isEmpty {
            throw ValidationError(
                "--mobile \(AuditEvent.masking(mobile)): expected a phone number, such as 13800138000 or +4512345678")
        }
    }

    func run() async {
        await options.connected { session in
            let result = try await ProgressLine.whileShown { progress in
                guard !dryRun else { return try await cancel(in: session.queue, progress) }
                return try await session.changing("cancel", subject, count: \.cancelled.count) {
                    try await cancel(in: $0, progress)
                }
            }
            let sealed = "\(result.sealed) sealed \(result.sealed == 1 ? "job" : "jobs")"
            let unseen = result.sealed > 0 ? "\(sealed) could not be looked into" : ""
            guard !result.cancelled.isEmpty || !result.held.isEmpty else {
                let what = id.map { "no task \($0)" } ?? "no task with this \(mobile == nil ? "argument" : "number")"
                throw ToolError(
                    "\(what) waits in the queue \(session.name); "
                        + (unseen.isEmpty ? "sms-queue list shows what does" : unseen))
            }
            try options.show(result) { table(result) }
            if !unseen.isEmpty { Terminal.write("sms-queue: \(unseen)\n") }
            guard !result.cancelled.isEmpty else {
                throw ToolError("too late: a worker has it in its hands")
            }
        }
    }

    /// For the audit log: no number and no argument.
    private var subject: String {
        id ?? (mobile == nil ? "--argument" : "--mobile")
    }

    private func cancel(in queue: QueueInspector, _ progress: ProgressLine) async throws -> CancelResult {
        if let id {
            return try await queue.cancel(id, dryRun: dryRun) { progress.show($0, of: $1) }
        }
        let texts = mobile.map(spellings(ofMobile:)) ?? [argument ?? ""]
        return try await queue.cancelAll(
            withArgument: texts, sealedTask: sendSealedCodeTask().name, dryRun: dryRun
        ) { progress.show($0, of: $1) }
    }

    private func table(_ result: CancelResult) -> String {
        let word = dryRun ? "would be cancelled" : "cancelled"
        let places = result.cancelled.map { ($0, word) } + result.held.map { ($0, "too late: a worker has it") }
        return TextTable.text(
            ["ID", "TASK", "PLACE", "ARGUMENTS", "WHAT"],
            places.map { place, what in
                [
                    place.task.id ?? "-", place.task.task ?? "-", place.kind.rawValue, place.task.arguments ?? "-",
                    what,
                ]
            })
    }
}

/// How a number may be written in a task: of the mainland's the eleven digits alone, and E.164. None of what is no number.
func spellings(ofMobile text: String) -> [String] {
    let number = text.filter { !" -().".contains($0) }
    let digits = number.hasPrefix("+") ? number.dropFirst() : number[...]
    // No country's numbers are shorter, with its calling code or without.
    guard (5...15).contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) }) else { return [] }
    let home = "+86"
    if number.hasPrefix(home) { return [number, String(number.dropFirst(home.count))] }
    return number.hasPrefix("+") ? [number] : [number, home + number]
}
