internal import Hummingbird
internal import TaskQueue

/// `/workers`: who is alive, and what each is doing.
struct WorkersPage {
    /// Of each worker so many jobs are shown; the list of jobs has the others.
    private static let mostJobs = 20

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.workers)) { request, context in
            let view = try await console.view(request.fields)
            let workers = try await view.queue.workers(display: console.display)
            return console.page(context).response(
                "Workers", .workers, view, isLive: true,
                """
                <div id="workers" data-live>\(workers.isEmpty ? Self.none : "\(workers.map { card($0, view) })")</div>
                """)
        }
    }

    private static let none: HTML =
        "<p class=\"empty\">No worker of this library has this queue. Celery's own are not seen.</p>"

    private func card(_ worker: WorkerReport, _ view: QueueView) -> HTML {
        let sign = worker.silentSeconds.map { "last sign of life \(words(seconds: $0)) ago" } ?? "no sign of life"
        let arriving = worker.arriving > 0 ? ", \(grouped(worker.arriving)) on the way" : ""
        let jobs = worker.tasks.prefix(Self.mostJobs).map { TaskPlace.held($0, by: worker, of: view.name) }
        let more: HTML? =
            worker.tasks.count > jobs.count
            ? """
            <p><a href="\(view.link(ConsolePath.jobs, ["state": "claimed", "worker": worker.name]))">All \
            \(grouped(worker.tasks.count)) of its jobs</a></p>
            """ : nil
        return """
            <section class="card" id="\(worker.name)"><h2>\(worker.name) \
            <span class="mark \(worker.isAlive ? "good" : "bad")">\(worker.isAlive ? "alive" : "silent")</span></h2>
            <p class="soft">\(sign); holds \(grouped(worker.tasks.count))\(arriving).\
            \((worker.isAlive ? "" : " Another worker takes over what it held.") as HTML)</p>
            \(jobs.isEmpty ? nil : JobTable(view: view, kind: .claimed, isOfOneWorker: true).html(jobs))\(more)</section>
            """
    }
}
