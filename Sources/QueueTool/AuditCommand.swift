internal import ArgumentParser
internal import TaskQueue

/// `sms-queue audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What people have done to the queue.",
        subcommands: [AuditList.self, AuditVerify.self], defaultSubcommand: AuditList.self)
}

/// `sms-queue audit list`
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what was done, the newest first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.connected { session in
            let entries = try await session.audit.entries(limit: shown.limit)
            try options.show(entries) {
                TextTable.text(
                    ["NUMBER", "TIME", "WHO", "WHAT", "OF", "STATE", "COUNT"],
                    entries.map { entry in
                        [
                            "\(entry.number)", entry.time, entry.actor, entry.action,
                            entry.subject.isEmpty ? "-" : entry.subject,
                            entry.state + (entry.beginning.map { " (\($0))" } ?? ""),
                            entry.count.map { "\($0)" } ?? "-",
                        ]
                    }, nothing: "nothing is written in the audit log of the queue \(session.name)")
            }
        }
    }
}

/// `sms-queue audit verify`
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Looks whether the record is as it was written.",
        discussion: """
            Note the last entry, as it is told, where those who can write into Redis cannot change it, and give it with \
            --noted the next time: otherwise somebody could take the newest entries away, or write the record anew.

            Exit code 2 when it is not as it was written.
            """)

    @Option(
        help: ArgumentHelp("An entry that was noted, and must still be there.", valueName: "number:hash"),
        transform: auditMark)
    var noted: AuditMark?

    @OptionGroup var options: QueueOptions

    func run() async throws {
        let isIntact = await options.connected { session in
            let verification = try await session.audit.verify(noted: noted)
            try options.show(verification) { Self.text(verification, hasKey: session.auditKey != nil) }
            return verification.isIntact
        }
        guard isIntact else { throw Doctor.problemCode }
    }

    private static func text(_ verification: AuditVerification, hasKey: Bool) -> String {
        let unchecked = verification.signed > 0 && !hasKey
        let size =
            "\(verification.entries) entries, \(verification.signed) of them signed"
            + (unchecked ? " (signatures were NOT checked: give --audit-key)" : "")
        let verdict =
            verification.isIntact
            ? "The record is as it was written: \(size)."
            : "The record is NOT as it was written: \(size).\n" + verification.findings.joined(separator: "\n")
        return verdict + (verification.mark.map { "\nThe last entry, to be noted elsewhere: \($0)" } ?? "")
    }
}

private func auditMark(_ text: String) throws -> AuditMark {
    guard let mark = AuditMark(text) else {
        throw ValidationError("expected a number, a colon and a hash, as audit verify tells them: 42:3f0c52a9…")
    }
    return mark
}
