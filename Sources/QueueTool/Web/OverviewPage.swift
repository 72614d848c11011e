internal import Hummingbird
internal import TaskQueue

/// `/`: how a queue stands and how it went in the last hour, and all queues.
struct OverviewPage {
    /// Of so many queues it is told how they stand.
    private static let mostQueues = 30
    private static let totals = [
        ("enqueued", "Sent"), ("claimed", "Taken"), ("succeeded", "Succeeded"), ("retried", "Retried"),
        ("expired", "Expired"), ("dead", "Failed for good"), ("redelivered", "Back from dead workers"),
        ("revived", "Put back by people"), ("cancelled", "Taken back"), ("purged", "Thrown away"),
    ]

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.overview)) { request, context in
            try await response(request, context)
        }
    }

    private func response(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let view = try await console.view(request.fields)
        let history = QueueHistory(try await view.queue.history(), now: view.now)
        let names = console.queueNames
        var queues: [QueueStatistics] = []
        for name in names.prefix(Self.mostQueues) {
            // The user may have no rights there.
            let other = QueueInspector(client: console.client, queue: name)
            if let queue = name == view.name ? view.statistics : try? await other.statistics() { queues.append(queue) }
        }
        return console.page(context).response(
            "Overview", .overview, view, isLive: true,
            """
            <div class="plots" id="plots" data-live>\(plots(history))</div>
            <div class="columns" id="figures" data-live>
            <section class="card wide"><h2>Queues</h2>\(table(queues, view))\(more(names.count))</section>
            <section class="card"><h2>Waiting by priority</h2>\(bands(view.statistics))</section>
            <section class="card"><h2>Since the queue began</h2>\(totals(view.statistics))</section>
            </div>
            """)
    }

    private func plots(_ history: QueueHistory) -> HTML {
        guard !history.isEmpty else {
            return """
                <p class="empty">Nothing is written down of the last hour. A worker of this library writes down every ten \
                seconds how the queue stands.</p>
                """
        }
        return "\(history.plots.map(\.html))"
    }

    private func table(_ queues: [QueueStatistics], _ view: QueueView) -> HTML {
        let rows = queues.map { queue in
            let link = QueueView(queue: view.queue, statistics: queue)
            let alive = queue.claimed.count - queue.silentWorkers.count
            let address = ConsolePath.overview + FormFields(["queue": queue.queue]).query
            let mark: HTML =
                queue.isPaused
                ? " <span class=\"mark wait\">paused</span>"
                : queue.silentWorkers.isEmpty ? "" : " <span class=\"mark bad\">a worker is silent</span>"
            return """
                <tr><th scope="row"><a href="\(address)"\((queue.queue == view.name ? " aria-current=\"true\"" : "") as HTML)>\
                \(queue.queue)</a>\(mark)</th><td class="number">\(grouped(queue.allWaiting))</td>\
                <td class="number">\(link.statistics.oldestWaitingSeconds.map(words) ?? "–")</td>\
                <td class="number">\(grouped(queue.allClaimed))</td><td class="number">\(grouped(queue.scheduled))</td>\
                <td class="number">\(grouped(queue.limited.values.reduce(0, +)))</td>\
                <td class="number">\(grouped(queue.dead))</td><td class="number">\(grouped(alive))</td></tr>
                """ as HTML
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Queues"><table><caption class="unseen">Queues of this \
            database</caption><thead><tr><th scope="col">Queue</th><th scope="col">Waiting</th><th scope="col">Oldest</th>\
            <th scope="col">Running</th><th scope="col">Scheduled</th><th scope="col">Limited</th><th scope="col">Dead</th>\
            <th scope="col">Workers</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private func more(_ count: Int) -> HTML? {
        count > Self.mostQueues
            ? "<p class=\"soft\">\(grouped(count - Self.mostQueues)) more: choose one above.</p>" : nil
    }

    private func bands(_ statistics: QueueStatistics) -> HTML {
        let rows = PriorityBand.allCases.map { band in
            let address =
                ConsolePath.jobs
                + FormFields(["queue": statistics.queue, "state": "waiting", "band": String(band.rawValue)]).query
            return """
                <tr><th scope="row"><a href="\(address)">\(band.priorities)</a></th>\
                <td class="number">\(grouped(statistics.waiting[String(band.rawValue)] ?? 0))</td></tr>
                """ as HTML
        }
        return """
            <table><caption class="unseen">Waiting jobs by priority</caption><thead class="unseen"><tr>\
            <th scope="col">Priority</th><th scope="col">Waiting</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private func totals(_ statistics: QueueStatistics) -> HTML {
        let rows = Self.totals.compactMap { counter, name -> HTML? in
            guard let count = statistics.counters[counter] else { return nil }
            return "<tr><th scope=\"row\">\(name)</th><td class=\"number\">\(grouped(count))</td></tr>"
        }
        guard !rows.isEmpty else { return "<p>Nothing has happened yet.</p>" }
        return """
            <table><caption class="unseen">What became of jobs</caption><thead class="unseen"><tr><th scope="col">What</th>\
            <th scope="col">How many</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}
