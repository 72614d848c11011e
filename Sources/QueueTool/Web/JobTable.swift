internal import TaskQueue

/// Jobs in rows, with what matters of those in their kind of place.
struct JobTable {
    let view: QueueView
    let kind: TaskPlace.Kind
    /// Whose they are is told elsewhere.
    var isOfOneWorker = false

    func html(_ jobs: [TaskPlace]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="Jobs"><table>
        <caption class="unseen">\(Self.caption(kind))</caption>
        <thead><tr>\(names.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead>
        <tbody>\(jobs.map(row))</tbody>
        </table></div>
        """
    }

    static func caption(_ kind: TaskPlace.Kind) -> String {
        switch kind {
        case .waiting: "Waiting jobs, the next one first"
        case .claimed, .arriving: "Jobs in the hands of workers"
        case .scheduled: "Jobs that wait for their time, the next one first"
        case .limited: "Jobs that wait for the limits of their task"
        case .dead: "Dead letters, the newest first"
        }
    }

    private var names: [String] {
        switch kind {
        case .scheduled: ["Due in", "Job", "Arguments", "Priority", "Retries", "Expires"]
        case .claimed, .arriving:
            (isOfOneWorker ? [] : ["Worker"]) + ["Job", "Arguments", "State", "Held for", "Retries", "Since ready"]
        default: ["Place", "Job", "Arguments", "Priority", "Retries", "Waits for", "Expires"]
        }
    }

    private func row(_ job: TaskPlace) -> HTML {
        let task = job.task
        let retries = task.retries.map(String.init) ?? "–"
        let arguments: HTML = "<td class=\"arguments\"><code>\(task.arguments ?? "–")</code></td>"
        switch kind {
        case .scheduled:
            return """
                <tr><td class="number">\(due(job))</td>\(name(job))\(arguments)<td class="number">\(task.priority)</td>\
                <td class="number">\(retries)</td><td>\(shown(task.expires))</td></tr>
                """
        case .claimed, .arriving:
            return """
                <tr>\(worker(job))\
                \(name(job))\(arguments)<td>\(state(job))</td>\
                <td class="number">\(age(job.heldSince))</td><td class="number">\(retries)</td>\
                <td class="number">\(age(task.since))</td></tr>
                """
        default:
            return """
                <tr><td class="number">\(job.ahead.map { grouped($0 + 1) } ?? "–")</td>\(name(job))\(arguments)\
                <td class="number">\(task.priority)</td><td class="number">\(retries)</td>\
                <td class="number">\(age(task.since))</td><td>\(shown(task.expires))</td></tr>
                """
        }
    }

    private func worker(_ job: TaskPlace) -> HTML? {
        guard !isOfOneWorker else { return nil }
        let silent: HTML? = job.isWorkerAlive == false ? " <span class=\"mark bad\">silent</span>" : nil
        return """
            <td><a href="\(view.link(ConsolePath.workers))#\(job.worker ?? "")">\(job.worker ?? "–")</a>\(silent)</td>
            """
    }

    private func name(_ job: TaskPlace) -> HTML {
        let task = job.task
        let problem: HTML? = task.problem.map { "<span class=\"mark bad\">\($0)</span>" }
        guard let id = task.id else {
            return "<th scope=\"row\"><b>\(task.task ?? "unreadable")</b>\(problem)</th>"
        }
        let link = view.link(
            ConsolePath.job, ["id": id, "state": job.kind.rawValue, "at": job.ahead.map { String($0) }])
        return """
            <th scope="row"><a href="\(link)"><b>\(task.task ?? "unreadable")</b> <small>\(id)</small></a>\(problem)</th>
            """
    }

    private func state(_ job: TaskPlace) -> HTML {
        if let attempt = job.attemptSent { return "attempt \(attempt) is out" }
        return job.kind == .arriving ? "on its way" : "taken"
    }

    private func due(_ job: TaskPlace) -> String {
        guard let due = job.due.flatMap(WireTime.init) else { return "–" }
        let seconds = due.since(view.now) / .seconds(1)
        return seconds > 0 ? words(seconds: seconds) : "due"
    }

    private func age(_ since: String?) -> String {
        guard let since = since.flatMap(WireTime.init) else { return "–" }
        return words(seconds: max(0, view.now.since(since) / .seconds(1)))
    }
}
