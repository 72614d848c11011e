internal import ArgumentParser
internal import TaskQueue

/// `sms-queue doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks whether the queue and its Redis are as they should be.",
        discussion: """
            Without --repair nothing is changed, and what is found says how it would be mended. It may be used while \
            workers run: a job that moves is no damage. It looks at all messages, inside Redis and a thousand at a time.

            Exit code 2 when something is wrong and was not mended.
            """)

    /// Something is wrong with the queue.
    static let problemCode = ExitCode(2)

    @Flag(help: "Mend what can be mended.")
    var repair = false

    @Flag(help: "With --repair: only say what would be mended.")
    var dryRun = false

    @OptionGroup var options: QueueOptions

    func run() async throws {
        let isHealthy = await options.connected { session in
            let report = try await ProgressLine.whileShown("looking at the server") { progress in
                guard repair && !dryRun else { return try await examine(session, .never, progress) }
                return try await session.changing("doctor --repair", count: \.checks.mended) { _ in
                    try await examine(session, .always, progress)
                }
            }
            try options.show(report) { table(report) }
            return report.isHealthy
        }
        guard isHealthy else { throw Self.problemCode }
    }

    private func examine(
        _ session: QueueSession, _ repair: QueueDoctor.Repair, _ progress: ProgressLine
    ) async throws -> DoctorReport {
        try await QueueDoctor(client: session.client, queue: session.name).examine(
            repair: repair,
            progress: { subject, examined, total in
                progress.show("\(subject.rawValue): \(examined)" + (total.map { " of \($0)" } ?? ""))
            })
    }

    private func table(_ report: DoctorReport) -> String {
        let isRepaired = repair && !dryRun
        var rows: [[String]] = []
        for check in report.checks {
            var lines = check.findings
            lines += check.repairs.map { "\(isRepaired ? "mended" : "would be mended"): \($0)" }
            if let remedy = check.remedy { lines.append("what to do: \(remedy)") }
            for (index, line) in lines.enumerated() {
                rows.append(index == 0 ? [check.subject.rawValue, check.state.rawValue, line] : ["", "", line])
            }
        }
        let seen = report.checks.filter { $0.wasLookedAt || $0.state == .problem }
        let problems = seen.count { $0.state == .problem }
        var verdict =
            problems > 0 ? "\(problems) of \(seen.count) \(problems == 1 ? "is" : "are") wrong" : "Nothing is wrong"
        let warnings = seen.count { $0.state == .warning }
        if warnings > 0 { verdict += "; warnings: \(warnings)" }
        let unseen = report.checks.count - seen.count
        if unseen > 0 { verdict += "; could not be looked at: \(unseen)" }
        return TextTable.text(["WHAT", "STATE", "FINDING"], rows) + "\n\(verdict)."
    }
}

extension [DoctorCheck] {
    /// How many repairs there were.
    fileprivate var mended: Int { reduce(0) { $0 + $1.repairs.count } }
}
