internal import ArgumentParser
internal import TaskQueue

/// `sms-queue list`
struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The waiting tasks, the next one first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let (tasks, all) = try await ProgressLine.whileShown("reading what waits") { _ in
                (
                    try await queue.waiting(limit: shown.limit, display: reveal.display),
                    try await queue.statistics().allWaiting
                )
            }
            let now = WireTime.now
            try options.show(tasks) {
                let more = all > tasks.count ? "\n\(all) wait; --limit shows more than \(tasks.count)." : ""
                return TextTable.text(
                    ["ID", "TASK", "PRIORITY", "RETRIES", "WAITS FOR", "EXPIRES", "ARGUMENTS", "PROBLEM"],
                    tasks.map { task in
                        [
                            task.id ?? "-", task.task ?? "-", "\(task.priority)", task.retries.map(String.init) ?? "-",
                            timeSince(task.since, now), task.expires ?? "-", task.arguments ?? "-", task.problem ?? "",
                        ]
                    }, nothing: "nothing waits in the queue \(queue.queue)") + more
            }
        }
    }
}

/// `sms-queue scheduled`
struct Scheduled: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The tasks that wait for their time: retries, and those with a later time. The next one first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let (tasks, all) = try await ProgressLine.whileShown("reading what is scheduled") { _ in
                (
                    try await queue.scheduled(limit: shown.limit, display: reveal.display),
                    try await queue.statistics().scheduled
                )
            }
            try options.show(tasks) {
                let more = all > tasks.count ? "\n\(all) are scheduled; --limit shows more than \(tasks.count)." : ""
                return TextTable.text(
                    ["DUE IN", "DUE", "ID", "TASK", "RETRIES", "EXPIRES", "ARGUMENTS", "PROBLEM"],
                    tasks.map { scheduled in
                        let task = scheduled.task
                        return [
                            words(seconds: scheduled.dueInSeconds), scheduled.due, task.id ?? "-", task.task ?? "-",
                            task.retries.map(String.init) ?? "-", task.expires ?? "-", task.arguments ?? "-",
                            task.problem ?? "",
                        ]
                    }, nothing: "nothing is scheduled in the queue \(queue.queue)") + more
            }
        }
    }
}

/// `sms-queue workers`
struct Workers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The queue's workers and what each of them is doing.",
        discussion: """
            FOR is how long a worker has been seen to hold a task, which is looked at every two seconds: a dash is for one \
            that it has only just taken.
            """)

    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let workers = try await ProgressLine.whileShown("reading what workers hold") { _ in
                try await queue.workers(display: reveal.display)
            }
            try options.show(workers) { Self.table(workers) }
        }
    }

    private static func table(_ workers: [WorkerReport]) -> String {
        let overview = TextTable.text(
            ["WORKER", "STATE", "HOLDS"],
            workers.map { worker in
                let silence = words(seconds: worker.leaseSeconds.magnitude)
                // One that the doctor has entered has never had a lease.
                let isTold = worker.leaseSeconds.magnitude < 365 * 86_400
                let arriving = worker.arriving > 0 ? ", \(worker.arriving) arriving" : ""
                return [
                    worker.name,
                    worker.isAlive ? "alive" : isTold ? "silent, its lease is over for \(silence)" : "silent",
                    "\(worker.tasks.count)\(arriving)",
                ]
            }, nothing: "the queue has no worker")
        let held = workers.flatMap { worker in worker.tasks.map { (worker.name, $0) } }
        guard !held.isEmpty else { return overview }
        let now = WireTime.now
        let tasks = TextTable.text(
            ["WORKER", "CLAIM", "ID", "TASK", "STATE", "FOR", "RETRIES", "EXPIRES", "ARGUMENTS"],
            held.map { name, held in
                [
                    name, "\(held.claim)", held.task.id ?? "-", held.task.task ?? "-",
                    held.attemptSent.map { "attempt \($0) is out" } ?? "taken", timeSince(held.heldSince, now),
                    held.task.retries.map(String.init) ?? "-", held.task.expires ?? "-", held.task.arguments ?? "-",
                ]
            })
        return "\(overview)\n\n\(tasks)"
    }
}

/// For how long something has been so; a dash where that is not known.
private func timeSince(_ time: String?, _ now: WireTime) -> String {
    time.flatMap(WireTime.init).map { words(seconds: max(0, now.since($0) / .seconds(1))) } ?? "-"
}
