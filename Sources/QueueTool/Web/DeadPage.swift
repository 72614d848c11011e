internal import Hummingbird
internal import TaskQueue

/// `/dead`: the dead letters with filters, and from here to retry and delete them.
struct DeadPage {
    private static let pageSize = 50
    /// Ties the boxes of the table to the form of the buttons.
    private static let formName = "chosen"

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.dead)) { request, context in
            try await response(request.fields, context)
        }
        router.post(RouterPath(ConsolePath.dead)) { request, context in
            try await console.search(request, context, ConsolePath.dead) { try await response($0, context) }
        }
    }

    private func response(_ fields: FormFields, _ context: ConsoleContext) async throws -> Response {
        let view = try await console.view(fields)
        let selection = try DeadSelection(fields)
        let found = try await view.queue.deadLetters.page(
            selection.filter, after: try position(fields), limit: Self.pageSize)
        let page = console.page(context)
        return page.response(
            "Dead letters", .dead, view,
            """
            \(form(view, fields, found, page))
            \(found.letters.isEmpty ? empty(view, found) : table(view, found))
            \(pager(view, selection, found, page))
            \(found.letters.isEmpty ? nil : actions(view, selection, page))
            """)
    }

    private func position(_ fields: FormFields) throws(HTTPError) -> DeadLetterPosition? {
        guard let time = fields["from"] else { return nil }
        guard let number = Double(time), number.isFinite, let id = fields["from_id"] else {
            throw HTTPError(.badRequest, message: "from: expected the end of another page.")
        }
        return DeadLetterPosition(time: time, id: id)
    }

    private func form(
        _ view: QueueView, _ fields: FormFields, _ found: DeadLetterPage, _ page: ConsolePage
    ) -> HTML {
        let reasons = Set(found.letters.map(\.reason)).sorted()
        func field(_ name: String, _ label: String, _ hint: String, _ list: String? = nil) -> HTML {
            """
            <p><label for="\(name)">\(label)</label><input id="\(name)" name="\(name)" value="\(fields[name] ?? "")" \
            placeholder="\(hint)" autocomplete="off" spellcheck="false"\
            \(list.map { " list=\"\($0)\"" as HTML })></p>
            """
        }
        func time(_ name: String, _ label: String) -> HTML {
            """
            <p><label for="\(name)">\(label)</label><input id="\(name)" name="\(name)" type="datetime-local" step="1" \
            value="\(String((fields[name] ?? "").prefix(19)))"></p>
            """
        }
        return """
            <form class="filter" method="post" action="\(ConsolePath.dead)">\(page.token)\
            \(ConsolePage.hidden(FormFields(["queue": view.name])))
            \(field("reason", "Reason", "such as throttled", "reasons"))
            <datalist id="reasons">\(options(reasons, nil))</datalist>
            \(field("task", "Task", "its whole name"))
            \(field("text", "Id or text", "id, worker, message"))
            \(time("after", "Died after (UTC)"))\(time("before", "Died before (UTC)"))
            <p class="submit"><button class="strong">Filter</button> \
            <a href="\(view.link(ConsolePath.dead))">Clear</a></p>
            </form>
            """
    }

    private func empty(_ view: QueueView, _ found: DeadLetterPage) -> HTML {
        if found.next != nil { return "<p class=\"empty\">None of these fits. There are more to look at.</p>" }
        return view.statistics.dead == 0
            ? "<p class=\"empty good\">No job has failed for good.</p>" : "<p class=\"empty\">None fits.</p>"
    }

    private func table(_ view: QueueView, _ found: DeadLetterPage) -> HTML {
        let canAct = !console.configuration.isReadOnly
        func box(_ letter: DeadLetter) -> HTML? {
            guard canAct else { return nil }
            return """
                <td><input type="checkbox" name="id" value="\(letter.id)" form="\(Self.formName)" \
                aria-label="Choose \(letter.task ?? "letter") \(letter.taskID ?? letter.id)"></td>
                """
        }
        let rows = found.letters.map { letter in
            """
            <tr>\(box(letter))<td>\(shown(letter.time))</td>\
            <th scope="row"><a href="\(view.link(ConsolePath.job, ["id": letter.id]))"><b>\(letter.task ?? "unreadable")</b> \
            <small>\(letter.taskID ?? letter.id)</small></a></th>\
            <td><span class="mark bad">\(letter.reason)</span></td><td class="message">\(letter.message)</td>\
            <td class="number">\(letter.attempts)</td></tr>
            """ as HTML
        }
        let all: HTML? =
            canAct
            ? """
            <th scope="col"><input type="checkbox" id="all" aria-label="Choose all on this page" hidden>\
            <span class="unseen">Chosen</span></th>
            """ : nil
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Dead letters"><table>
            <caption class="unseen">\(JobTable.caption(.dead))</caption>
            <thead><tr>\(all)<th scope="col">Died</th><th scope="col">Job</th><th scope="col">Reason</th>\
            <th scope="col">What was said</th><th scope="col">Attempts</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private func actions(_ view: QueueView, _ selection: DeadSelection, _ page: ConsolePage) -> HTML? {
        guard !console.configuration.isReadOnly else { return nil }
        func plan(_ id: String, _ extra: HTML?, _ what: String) -> HTML {
            """
            <form id="\(id)" method="post" action="\(ConsolePath.deadPlan)">\(page.token)\
            \(ConsolePage.hidden(FormFields(["queue": view.name])))\(extra)\
            <button class="quiet" name="action" value="retry">Retry \(what)…</button> \
            <button class="quiet" name="action" value="delete">Delete \(what)…</button></form>
            """
        }
        let isFiltered = selection.filter != .all
        return """
            <div class="doing bulk">\(plan(Self.formName, nil, "chosen"))\
            \(plan("matching", "<input type=\"hidden\" name=\"all\" value=\"yes\">\(ConsolePage.hidden(selection.conditions))",
                isFiltered ? "all that fit" : "all"))</div>
            """
    }

    private func pager(
        _ view: QueueView, _ selection: DeadSelection, _ found: DeadLetterPage, _ page: ConsolePage
    ) -> HTML {
        let next = found.next.map { position in
            var fields = FormFields(["queue": view.name])
            for pair in selection.conditions.pairs { fields.append(pair.name, pair.value) }
            fields.append("from", position.time)
            fields.append("from_id", position.id)
            return page.way(to: ConsolePath.dead, fields, found.letters.count < Self.pageSize ? "Look on" : "Next")
        }
        return """
            <nav class="pager" aria-label="More letters"><p>\(grouped(found.letters.count)) shown. Looked at \
            \(grouped(found.examined)) of \(grouped(view.statistics.dead)).</p>\(next)</nav>
            """
    }
}
