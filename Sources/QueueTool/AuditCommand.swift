internal import ArgumentParser
internal import Operations
internal import TaskQueue

/// `sms-queue audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What people have done to the queue.",
        subcommands: [AuditList.self, AuditVerify.self, AuditArchive.self], defaultSubcommand: AuditList.self)
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
                            entry.state + (entry.beginning.map { " (\($0))" } ?? "")
                                + (entry.isWithoutEnd ? ", no end on record" : ""),
                            entry.count.map { "\($0)" } ?? "-",
                        ]
                    }, nothing: "nothing is on record")
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

            With --file, given once for each in the order they were written, archives and record are checked as one chain.

            Exit code 2 when it is not as it was written.
            """)

    @Option(
        help: ArgumentHelp("An entry that was noted, and must still be there.", valueName: "number:hash"),
        transform: auditMark)
    var noted: AuditMark?

    @Option(help: "A file of audit archive.", completion: .file())
    var file: [String] = []

    @OptionGroup var options: QueueOptions

    func run() async throws {
        let isIntact = await options.connected { session in
            let archive = try file.flatMap(AuditArchiveFile.lines(of:))
            let verification = try await ProgressLine.whileShown("verifying") { progress in
                try await session.audit.verify(archive: archive, noted: noted) {
                    progress.show("\($0) entries verified")
                }
            }
            try options.show(verification) { Self.text(verification) }
            return verification.isIntact
        }
        guard isIntact else { throw Doctor.problemCode }
    }

    static func text(_ verification: AuditVerification) -> String {
        let size = "\(verification.entries) entries, \(verification.signed) of them signed"
        var lines =
            verification.isIntact
            ? ["The record is as it was written: \(size)."]
            : ["The record is NOT as it was written: \(size)."] + verification.findings
        if verification.signed > 0, !verification.areSignaturesChecked {
            lines.append("Signatures were NOT checked: that needs the key, --audit-key.")
        }
        if let mark = verification.mark { lines.append("The last entry, to be noted elsewhere: \(mark)") }
        return lines.joined(separator: "\n")
    }
}

/// `sms-queue audit archive`
struct AuditArchive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Moves old entries of the record into a file.",
        discussion: """
            The file gets one entry a line, and is appended to. Only what is as it was written is moved, and it leaves \
            Redis when it is on the disk. An entry says so, which ties what stays to what has left: audit verify needs \
            no file, and with --file it checks both.

            Exit code 2 when the record is not as it was written.
            """)

    @Option(help: "The file that the entries are appended to.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("Entries that are younger stay: a number and a unit, such as 90d.", valueName: "age"),
        transform: age)
    var keep: Duration

    @OptionGroup var options: QueueOptions

    func run() async throws {
        let isIntact = await options.connected { session in
            let archive = try AuditArchiveFile(appendingTo: file)
            let result = try await session.audit.archive(
                after: archive.lines, keeping: keep, by: ProcessOwner.name, write: archive.append)
            try options.show(result) {
                guard result.verification.isIntact else { return AuditVerify.text(result.verification) }
                let end = result.mark.map { "; the file ends with \($0)" } ?? ""
                return "\(result.written) written, \(result.removed) taken out of Redis\(end)"
            }
            return result.verification.isIntact
        }
        guard isIntact else { throw Doctor.problemCode }
    }
}

private func age(_ text: String) throws -> Duration {
    guard let age = DurationText.duration(text) else {
        throw ValidationError("expected \(DurationText.expectation)")
    }
    return age
}

private func auditMark(_ text: String) throws -> AuditMark {
    guard let mark = AuditMark(text) else {
        throw ValidationError("expected a number, a colon and a hash, as audit verify tells them: 42:3f0c52a9…")
    }
    return mark
}
