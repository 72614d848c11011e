internal import Hummingbird
internal import TaskQueue

/// `/jobs`: the jobs by state, with filters.
struct JobsPage {
    private static let pageSize = 50
    private static let kinds: [(kind: TaskPlace.Kind, name: String)] = [
        (.waiting, "Waiting"), (.claimed, "Running"), (.scheduled, "Scheduled"), (.limited, "Limited"),
    ]
    private static let ages: [(value: String, name: String)] = [
        ("", "any age"), ("10", "10 s or older"), ("60", "1 min or older"), ("300", "5 min or older"),
        ("3600", "1 h or older"), ("86400", "1 d or older"),
    ]

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.jobs)) { request, context in
            try await response(request.fields, context)
        }
        router.post(RouterPath(ConsolePath.jobs)) { request, context in
            try await console.search(request, context, ConsolePath.jobs) { try await response($0, context) }
        }
    }

    private func response(_ fields: FormFields, _ context: ConsoleContext) async throws -> Response {
        let view = try await console.view(fields)
        let states = Self.kinds.map(\.kind.rawValue).joined(separator: ", ")
        let kind =
            try fields.value("state", "one of \(states)") { state in
                Self.kinds.first { $0.kind.rawValue == state }?.kind
            } ?? .waiting
        let start = try fields.number("from")
        let bands = PriorityBand.allCases.map { String($0.rawValue) }.joined(separator: ", ")
        let filter = JobFilter(
            task: fields["task"], text: fields[FormFields.text],
            band: try fields.value("band", "one of \(bands)") { Int($0).flatMap(PriorityBand.init) },
            worker: fields["worker"],
            olderThan: try fields.value("age", "seconds, from 0 to 1000000000") { text in
                Double(text).flatMap { (0...1e9).contains($0) ? .seconds($0) : nil }
            })
        let found = try await view.queue.jobs(
            kind, filter, from: start, limit: Self.pageSize, display: console.display)
        let page = console.page(context)
        return page.response(
            "Jobs", .jobs, view,
            """
            \(tabs(view, kind))
            \(form(view, kind, fields, page))
            \(found.jobs.isEmpty ? empty(found, filter) : JobTable(view: view, kind: kind).html(found.jobs))
            \(pager(view, kind, fields, found, page))
            """)
    }

    private func tabs(_ view: QueueView, _ current: TaskPlace.Kind) -> HTML {
        let statistics = view.statistics
        let links = Self.kinds.map { kind, name in
            let count =
                switch kind {
                case .waiting: statistics.allWaiting
                case .claimed: statistics.allClaimed
                case .scheduled: statistics.scheduled
                default: statistics.limited.values.reduce(0, +)
                }
            return """
                <li><a href="\(view.link(ConsolePath.jobs, ["state": kind.rawValue]))"\
                \((kind == current ? " aria-current=\"true\"" : "") as HTML)>\(name) <b>\(grouped(count))</b></a></li>
                """ as HTML
        }
        return """
            <nav class="tabs" aria-label="States"><ul>\(links)<li><a href="\(view.link(ConsolePath.dead))">Dead \
            <b>\(grouped(statistics.dead))</b></a></li></ul></nav>
            """
    }

    private func form(
        _ view: QueueView, _ kind: TaskPlace.Kind, _ fields: FormFields, _ page: ConsolePage
    ) -> HTML {
        let bands = [("", "any priority")] + PriorityBand.allCases.map { (String($0.rawValue), $0.priorities) }
        let workers = view.statistics.claimed.keys.sorted()
        let worker: HTML? =
            kind == .claimed
            ? """
            <p><label for="worker">Worker</label><select id="worker" name="worker">\
            \(options([("", "any worker")] + workers.map { ($0, $0) }, fields["worker"]))</select></p>
            """ : nil
        let age: HTML? =
            kind == .scheduled
            ? nil
            : """
            <p><label for="age">Age</label><select id="age" name="age">\(options(Self.ages, fields["age"] ?? ""))\
            </select></p>
            """
        return """
            <form class="filter" method="post" action="\(ConsolePath.jobs)">\(page.token)\
            \(ConsolePage.hidden(FormFields(["queue": view.name, "state": kind.rawValue])))
            <p><label for="task">Task</label><input id="task" name="task" value="\(fields["task"] ?? "")" \
            placeholder="its whole name" autocomplete="off" spellcheck="false"></p>
            <p><label for="text">Id or text</label><input id="text" name="text" value="\(fields["text"] ?? "")" \
            placeholder="id, name or argument" autocomplete="off" spellcheck="false"></p>
            <p><label for="band">Priority</label><select id="band" name="band">\(options(bands, fields["band"] ?? ""))\
            </select></p>
            \(worker)\(age)
            <p class="submit"><button class="strong">Filter</button> <a href="\(
                view.link(ConsolePath.jobs, ["state": kind.rawValue]))">Clear</a></p>
            </form>
            """
    }

    private func empty(_ found: JobPage, _ filter: JobFilter) -> HTML {
        if found.next != nil { return "<p class=\"empty\">None of these fits. There are more to look at.</p>" }
        return filter == JobFilter()
            ? "<p class=\"empty\">There are none.</p>" : "<p class=\"empty\">None fits.</p>"
    }

    private func pager(
        _ view: QueueView, _ kind: TaskPlace.Kind, _ fields: FormFields, _ found: JobPage, _ page: ConsolePage
    ) -> HTML {
        func way(_ start: Int, _ name: String) -> HTML {
            page.way(
                to: ConsolePath.jobs,
                FormFields([
                    "queue": view.name, "state": kind.rawValue, "task": fields["task"],
                    FormFields.text: fields[FormFields.text], "band": fields["band"], "worker": fields["worker"],
                    "age": fields["age"], "from": start > 0 ? String(start) : nil,
                ]), name)
        }
        let end = min(found.total, found.start + found.examined)
        let range =
            kind == .claimed
            ? "\(grouped(found.total)) in the hands of workers"
            : "Looked at \(grouped(min(found.start + 1, end)))–\(grouped(end)) of \(grouped(found.total))"
        return """
            <nav class="pager" aria-label="More jobs"><p>\(grouped(found.jobs.count)) shown. \(range).</p>\
            \(found.start > 0 ? way(0, "From the first") : nil)\
            \(found.next.map { way($0, found.jobs.count < Self.pageSize ? "Look on" : "Next") })</nav>
            """
    }
}

extension PriorityBand {
    /// The priorities of the band, in words.
    var priorities: String {
        switch self {
        case .urgent: "0 to 2, most urgent"
        case .high: "3 to 5"
        case .low: "6 to 8"
        case .lowest: "9, least urgent"
        }
    }
}
