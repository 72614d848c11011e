internal import Hummingbird
internal import RedisClient
internal import TaskQueue

/// `/job`: where a job is, what happened to it, and why it does not go on; as `sms-queue show` tells.
struct JobStoryPage {
    /// A job that has moved on since its link was made is found again near the place where it was.
    private static let nearby = 500
    /// So many messages are looked through at once, to the last one.
    private static let mostAtOnce = 5000

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.job)) { request, context in
            try await response(request.fields, context)
        }
        // What is typed may be a number by mistake: only what is a job's id makes an address.
        router.post(RouterPath(ConsolePath.job)) { request, context in
            try await response(try await console.form(request, context), context, isTyped: true)
        }
    }

    private func response(
        _ fields: FormFields, _ context: ConsoleContext, isTyped: Bool = false
    ) async throws -> Response {
        let view = try await console.view(fields)
        let page = console.page(context)
        guard let id = fields["id"] else { throw HTTPError(.badRequest, message: "The address names no job: ?id=…") }
        let search = try await find(id, fields, view)
        guard var story = search.story else {
            return page.response("Job", nil, view, status: .notFound, notFound(id, search, view, page))
        }
        guard !isTyped else {
            return .seeOther(
                view.link(
                    ConsolePath.job,
                    [
                        "id": id, "state": story.place?.kind.rawValue, "at": story.place?.ahead.map { String($0) },
                        "from": fields["from"], "search": fields["search"],
                    ]))
        }
        if story.place?.kind == .scheduled || story.place?.kind == .claimed {
            story.reasons += try await OpenBreakers.reasons(console.client)
        }
        return page.response("Job", nil, view, card(story, page, view))
    }

    private struct Search {
        var story: TaskStory?
        /// Nothing was left out.
        var isComplete = true
        /// Where among the waiting jobs to look on.
        var next: Int?
    }

    /// Looks where it was, then in all places that are looked through soon, then through some of the waiting ones.
    private func find(_ id: String, _ fields: FormFields, _ view: QueueView) async throws -> Search {
        let queue = view.queue
        func found(_ kind: TaskPlace.Kind, from start: Int = 0) async throws(RedisError) -> JobPage {
            try await queue.jobs(kind, JobFilter(id: id), from: start, limit: 1, display: console.display)
        }
        let kind = try fields.value("state", "a state such as waiting", TaskPlace.Kind.init)
        if let kind, let place = try await found(kind, from: max(0, try fields.number("at") - Self.nearby)).jobs.first {
            return Search(story: try await queue.story(of: place))
        }
        let statistics = view.statistics
        let isShort = statistics.allWaiting + statistics.scheduled + statistics.dead <= Self.mostAtOnce
        if isShort || fields["search"] == "all" { return Search(story: try await story(id, view)) }

        let letter = try await queue.deadLetters.ids(ofTask: id).first ?? id
        if try await queue.deadLetters.letter(letter) != nil { return Search(story: try await story(letter, view)) }
        var search = Search()
        for kind in [TaskPlace.Kind.claimed, .scheduled, .limited, .waiting] {
            let page = try await found(kind, from: kind == .waiting ? try fields.number("from") : 0)
            if let place = page.jobs.first { return Search(story: try await queue.story(of: place)) }
            if page.next != nil { search.isComplete = false }
            if kind == .waiting { search.next = page.next }
        }
        return search
    }

    private func story(_ id: String, _ view: QueueView) async throws -> TaskStory? {
        try await console.session(FormFields(["queue": view.name])).withResults { results in
            try await view.queue.story(of: id, results: results, display: console.display)
        }
    }

    private func notFound(_ id: String, _ search: Search, _ view: QueueView, _ page: ConsolePage) -> HTML {
        let on = search.next.map { next in
            page.searchForm(
                ConsolePath.job, FormFields(["queue": view.name, "id": id, "from": String(next)]),
                "Look on behind the first \(grouped(next)) waiting jobs")
        }
        let all = page.searchForm(
            ConsolePath.job, FormFields(["queue": view.name, "id": id, "search": "all"]),
            "Look at all: some seconds for a million")
        let more: HTML =
            search.isComplete
            ? "<p>It has ended, or never was there. What has ended leaves nothing but its result, if results are kept.</p>"
            : """
            <p>There are so many jobs that only some were looked at.</p>
            <div class="doing">\(on)\(all)</div>
            """
        return """
            <section class="card"><h2>No job <code>\(id)</code> was found</h2>\(more)</section>
            """
    }

    private func card(_ story: TaskStory, _ page: ConsolePage, _ view: QueueView) -> HTML {
        var rows: [HTML] = []
        func add(_ name: String, _ value: HTML?) {
            if let value { rows.append("<div><dt>\(name)</dt><dd>\(value)</dd></div>") }
        }
        func add(_ name: String, _ value: String?) { add(name, value.map { "\($0)" as HTML }) }
        add("Id", "<code>\(story.id)</code>" as HTML)
        if let place = story.place {
            add("Arguments", place.task.arguments.map { "<code>\($0)</code>" as HTML })
            add("Priority", String(place.task.priority))
            add(place.kind == .scheduled ? "Due before it" : "Taken before it", place.ahead.map(grouped))
            add("Due", place.due.map { shown($0) })
            add("Worker", place.worker)
            add("Held since", place.heldSince.map { shown($0) })
            add("Attempt that is out", place.attemptSent.map { String($0) })
            add("Retries", place.task.retries.map { String($0) })
            add("Not before", place.task.eta.map { shown($0) })
            add("Expires", place.task.expires.map { shown($0) })
            add("Redis key", "<code>\(place.key)</code>" as HTML)
            add("Dead letter", place.letter.map { "<code>\($0.id)</code>" as HTML })
        }
        add("Result", story.result.map { $0.status + ($0.time.map { " at \($0)" } ?? "") })
        let kind = story.place?.kind
        let reasons =
            story.reasons.isEmpty
            ? [kind == .claimed ? "It runs." : kind == .waiting ? "It is the next to be taken." : "It has ended."]
            : story.reasons.map(\.text)
        let letter: HTML? = story.place?.letter.flatMap { letter in
            guard !console.configuration.isReadOnly else { return nil }
            return """
                <p class="doing"><a class="quiet" href="\(
                    view.link(ConsolePath.deadPlan, ["action": "retry", "id": letter.id]))">Retry…</a> \
                <a class="quiet" href="\(
                    view.link(ConsolePath.deadPlan, ["action": "delete", "id": letter.id]))">Delete…</a></p>
                """
        }
        return """
            <section class="card"><h2>\(story.place?.task.task ?? "Ended") \
            <span class="mark \(kind == .dead ? "bad" : "")">\(kind == .claimed ? "running" : kind?.rawValue ?? "ended")\
            </span></h2>
            <dl class="facts">\(rows)</dl>\(letter)</section>
            <div class="columns"><section class="card"><h2>Why it is where it is</h2>\
            <ul class="plain">\(reasons.map { "<li>\($0)</li>" as HTML })</ul></section>
            <section class="card"><h2>What happened</h2>\
            <ul class="plain">\(story.history.map { "<li>\($0)</li>" as HTML })</ul></section></div>
            """
    }
}
