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
            let letters = try await queue.deadLetters.list(filter.value, limit: shown.limit)
            try options.show(letters) {
                TextTable.text(
                    ["ID", "TIME", "REASON", "TASK", "TASK ID", "ATTEMPTS", "MESSAGE"],
                    letters.map { letter in
                        [
                            letter.id, letter.time, letter.reason, letter.task ?? "-", letter.taskID ?? "-",
                            "\(letter.attempts)", letter.message,
                        ]
                    })
            }
        }
    }
}

/// `sms-queue dead show`
struct DeadShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one dead letter in full, but for its arguments.")

    @Argument(help: "The dead letter's id, as `sms-queue dead list` shows it.")
    var id: String

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            guard let details = try await queue.deadLetters.letter(id) else {
                throw DeadLettersNotThere(ids: [id])
            }
            try options.show(details) { Self.table(details) }
        }
    }

    private static func table(_ details: DeadLetterDetails) -> String {
        let letter = details.letter
        let headers = details.headers
        func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
        let expires = headers?.expires ?? "-"
        let rows: [[String]] = [
            ["id", letter.id],
            ["time", letter.time], ["last attempt", letter.started ?? "-"],
            ["reason", letter.reason],
            ["message", letter.message],
            ["worker", letter.worker],
            ["attempts", "\(letter.attempts)"],
            ["task", headers?.task ?? letter.task ?? "-"],
            ["task id", headers?.id ?? letter.taskID ?? "-"],
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

/// `sms-queue dead retry`
struct DeadRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Puts dead letters back at the end of their line, to start anew.",
        discussion: "Expired ones are left where they are.")

    @OptionGroup var selection: DeadSelectionOptions
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let result = try await ProgressLine.whileShown { progress in
                try await queue.deadLetters.retry(selection.value) { progress.show($0, of: $1) }
            }
            if options.json || result.retried + result.expired > 0 || result.missing.isEmpty {
                try options.show(result) {
                    "\(result.retried) put back"
                        + (result.expired > 0 ? ", \(result.expired) expired and left" : "")
                }
            }
            guard result.missing.isEmpty else { throw DeadLettersNotThere(ids: result.missing) }
        }
    }
}

/// `sms-queue dead delete`
struct DeadDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes dead letters for good.",
        discussion: "Asks before it deletes more than one.")

    @OptionGroup var selection: DeadSelectionOptions

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard yes || selection.ids.count == 1 || Terminal.isAttended else {
            throw ValidationError("There is no terminal to ask on: give --yes to delete more than one dead letter.")
        }
    }

    func run() async {
        await options.run { queue in
            try await confirm(queue)
            let result = try await ProgressLine.whileShown { progress in
                try await queue.deadLetters.delete(selection.value) { progress.show($0, of: $1) }
            }
            if options.json || result.deleted > 0 || result.missing.isEmpty {
                try options.show(result) { "\(result.deleted) deleted" }
            }
            guard result.missing.isEmpty else { throw DeadLettersNotThere(ids: result.missing) }
        }
    }

    private func confirm(_ queue: QueueInspector) async throws {
        guard !yes else { return }
        let count =
            switch selection.value {
            case .ids(let ids): ids.count
            case .matching(let filter): try await queue.deadLetters.count(filter)
            }
        guard count > 1 else { return }
        guard Terminal.confirms("Delete \(count) dead letters of the queue \(queue.queue) for good?") else {
            throw NothingDeleted()
        }
    }
}

private struct DeadLettersNotThere: Error, CustomStringConvertible {
    let ids: [String]
    var description: String {
        "no dead letter with the id \(ids.joined(separator: ", ")); sms-queue dead list shows those there are"
    }
}

private struct NothingDeleted: Error, CustomStringConvertible {
    let description = "nothing was deleted"
}
