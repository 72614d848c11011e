internal import Hummingbird
internal import Logging
internal import TaskQueue

/// What would become of dead letters, before it is done; and doing it.
struct DeadPlanPage {
    private static let sampleCount = 5

    private enum Action: String {
        case retry
        case delete
    }

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.deadPlan)) { request, context in
            try await plan(request.fields, context)
        }
        router.post(RouterPath(ConsolePath.deadPlan)) { request, context in
            try await plan(try await console.form(request, context), context)
        }
        router.post(RouterPath(ConsolePath.deadRetry)) { request, context in
            try await carryOut(.retry, request, context)
        }
        router.post(RouterPath(ConsolePath.deadDelete)) { request, context in
            try await carryOut(.delete, request, context)
        }
    }

    // MARK: - The plan

    private func plan(_ fields: FormFields, _ context: ConsoleContext) async throws -> Response {
        guard let action = fields["action"].flatMap(Action.init) else {
            throw HTTPError(.badRequest, message: "action: expected retry or delete.")
        }
        let view = try await console.view(fields)
        let page = console.page(context)
        let chosen = try DeadSelection(fields)
        guard !chosen.ids.isEmpty || fields["all"] != nil else {
            return page.response(
                "Nothing is chosen", .dead, view,
                "<p class=\"empty\">Choose dead letters in the list, or take all that fit.</p>\(back(view, chosen, page))"
            )
        }
        // From here on it can only become less.
        let frozen = chosen.frozen(at: view.now)
        let selection = try DeadSelection(frozen).selection
        let letters = view.queue.deadLetters
        var plan = DeadLetterRetryResult()
        var count = 0
        if action == .delete, case .matching(let filter) = selection {
            count = try await letters.count(filter)
        } else {
            plan = try await letters.retry(selection, dryRun: true, now: view.now)
            count = plan.retried + (action == .delete ? plan.expired : 0)
        }
        let samples = try await letters.samples(selection, limit: Self.sampleCount, display: console.display)
        return page.response(
            action == .retry ? "Retry dead letters" : "Delete dead letters", .dead, view,
            """
            <section class="card"><h2>\(Self.question(action, count))</h2>
            \(remarks(action, plan, chosen))
            \(count > 0 ? table(samples, of: count) : nil)
            <div class="doing">\(count > 0 ? confirmation(action, count, frozen, view, page) : nil)\
            \(back(view, chosen, page))</div>
            </section>
            """)
    }

    private static func question(_ action: Action, _ count: Int) -> String {
        switch (action, count) {
        case (_, 0): "There is nothing to do"
        case (.retry, _): "Put \(letters(count)) back at the end of the line?"
        case (.delete, _): "Delete \(letters(count)) for good?"
        }
    }

    private static func letters(_ count: Int) -> String { "\(grouped(count)) dead letter\(count == 1 ? "" : "s")" }

    private func remarks(_ action: Action, _ plan: DeadLetterRetryResult, _ chosen: DeadSelection) -> HTML {
        var remarks: [String] = []
        if action == .retry {
            remarks.append("Each starts anew, as if it had never been tried.")
            if plan.expired > 0 { remarks.append("\(Self.letters(plan.expired)) expired: they stay where they are.") }
        } else {
            remarks.append("Nobody can bring them back.")
        }
        if !plan.missing.isEmpty {
            remarks.append("\(Self.letters(plan.missing.count)) of those chosen are gone already.")
        }
        if chosen.ids.isEmpty { remarks.append("Those that die from now on are not touched.") }
        return "<p>\(remarks.joined(separator: " "))</p>"
    }

    private func table(_ samples: [DeadLetterSample], of count: Int) -> HTML {
        let rows = samples.map { sample in
            """
            <tr><td>\(shown(sample.letter.time))</td><th scope="row"><b>\(sample.letter.task ?? "unreadable")</b> \
            <small>\(sample.letter.taskID ?? sample.letter.id)</small></th>\
            <td><span class="mark bad">\(sample.letter.reason)</span></td>\
            <td class="arguments"><code>\(sample.arguments ?? "–")</code></td></tr>
            """ as HTML
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Some of them"><table>
            <caption>\(count > samples.count ? "The oldest of them" : "These are they")</caption>
            <thead><tr><th scope="col">Died</th><th scope="col">Job</th><th scope="col">Reason</th>\
            <th scope="col">Arguments</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private func confirmation(
        _ action: Action, _ count: Int, _ frozen: FormFields, _ view: QueueView, _ page: ConsolePage
    ) -> HTML? {
        var fields = FormFields(["queue": view.name, "planned": String(count)])
        for pair in frozen.pairs { fields.append(pair.name, pair.value) }
        return action == .retry
            ? page.form(ConsolePath.deadRetry, fields, button: "Put back \(grouped(count))", look: "strong")
            : page.form(ConsolePath.deadDelete, fields, button: "Delete \(grouped(count)) for good", look: "danger")
    }

    private func back(_ view: QueueView, _ chosen: DeadSelection, _ page: ConsolePage) -> HTML {
        var fields = FormFields(["queue": view.name])
        for pair in chosen.conditions.pairs { fields.append(pair.name, pair.value) }
        return page.way(to: ConsolePath.dead, fields, "Back to the list")
    }

    // MARK: - Doing it

    private func carryOut(_ action: Action, _ request: Request, _ context: ConsoleContext) async throws -> Response {
        let fields = try await console.changes(request, context)
        let chosen = try DeadSelection(fields)
        guard let planned = fields["planned"].flatMap({ Int($0) }), planned >= 0,
            !chosen.ids.isEmpty || chosen.filter.before != nil
        else { throw HTTPError(.badRequest, message: "This form does not say what was planned. Nothing was done.") }
        let queue = console.session(fields)
        let (actor, selection) = (console.actor(context), chosen.selection)
        var told: String
        let done: Int
        switch action {
        case .retry:
            let result = try await queue.changing("dead retry", selection.subject, by: actor, count: \.retried) {
                try await $0.deadLetters.retry(selection)
            }
            done = result.retried
            told = "\(Self.letters(done)) put back."
            if result.expired > 0 { told += " \(Self.letters(result.expired)) expired and left." }
        case .delete:
            done = try await queue.changing("dead delete", selection.subject, by: actor, count: \.deleted) {
                try await $0.deadLetters.delete(selection)
            }.deleted
            told = "\(Self.letters(done)) deleted."
        }
        if done != planned {
            told +=
                " \(grouped(planned)) were planned: in between "
                + (done < planned
                    ? "\(grouped(planned - done)) went, expired or were dealt with by somebody else."
                    : "\(grouped(done - planned)) more had come.")
        }
        console.logger.notice("console: \(action.rawValue) of dead letters of the queue \(queue.name): \(told)")
        if let session = context.session { console.sessions.tell("\(told)", session) }
        // The time of the plan is none of the filter that the reader had set.
        return .seeOther(ConsolePath.dead + FormFields(["queue": queue.name]).query)
    }
}
