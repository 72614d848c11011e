internal import ArgumentParser
internal import Operations
internal import TaskQueue

/// `sms-queue show`
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Where a task is, what happened to it, and why it does not go on.",
        discussion: """
            All messages of the queue may have to be looked at, inside Redis and a thousand at a time: some seconds for a \
            million. What has ended leaves nothing but its result, if results are kept.
            """)

    @Argument(help: "The task's id, or its dead letter's.")
    var id: String

    @Option(help: ArgumentHelp(Setting.resultBackend.helpText))
    var resultBackend: String?

    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.connected(resultBackend: resultBackend) { session in
            let story = try await session.withResults { results in
                try await ProgressLine.whileShown { progress in
                    try await session.queue.story(
                        of: id, results: results, display: reveal.display
                    ) { progress.show($0, of: $1) }
                }
            }
            guard var story else {
                throw ToolError(
                    "no task \(id) in the queue \(session.name): it has ended, or never was there"
                        + (session.results == nil ? "; --result-backend also looks for its result" : ""))
            }
            if let kind = story.place?.kind, kind != .dead {
                story.reasons += try await OpenBreakers.reasons(session.client)
            }
            try options.show(story) { Self.table(story) }
        }
    }

    private static func table(_ story: TaskStory) -> String {
        var rows = [["id", story.id]]
        func add(_ name: String, _ value: String?) { if let value { rows.append([name, value]) } }
        if let place = story.place {
            add("place", place.kind.rawValue)
            add("task", place.task.task)
            add("arguments", place.task.arguments)
            add("priority", "\(place.task.priority)")
            add("ahead", place.ahead.map(String.init))
            add("due", place.due)
            add("worker", place.worker)
            add("held since", place.heldSince)
            add("attempt out", place.attemptSent.map(String.init))
            add("retries", place.task.retries.map(String.init))
            add("eta", place.task.eta)
            add("expires", place.task.expires)
            add("dead letter", place.letter?.id)
        } else {
            add(
                "place",
                story.result?.isFinal == false
                    ? "none in this queue, though its result is no end: is it in another one?" : "none: it has ended")
        }
        add("result", story.result.map { $0.status + ($0.time.map { " at \($0)" } ?? "") })
        add(story.place == nil ? "error" : "last error", story.result?.error)
        for event in story.history { add("history", event) }
        for reason in story.reasons { add("why", reason.text) }
        if story.reasons.isEmpty, story.place?.kind == .claimed { add("why", "it runs") }
        if story.reasons.isEmpty, story.place?.kind == .waiting { add("why", "it is the next to be taken") }
        return TextTable.text(["WHAT", "VALUE"], rows)
    }
}
