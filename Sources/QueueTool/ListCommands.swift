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
            let tasks = try await queue.waiting(limit: shown.limit, display: reveal.display)
            let all = try await queue.statistics().allWaiting
            let now = WireTime.now
            try options.show(tasks) {
                let more = all > tasks.count ? "\n\(all) wait; --limit shows more than \(tasks.count)." : ""
                return TextTable.text(
                    ["ID", "TASK", "PRIORITY", "RETRIES", "WAITS FOR", "EXPIRES", "ARGUMENTS", "PROBLEM"],
                    tasks.map { task in
                        [
                            task.id ?? "-", task.task ?? "-", "\(task.priority)", task.retries.map(String.init) ?? "-",
                            task.waitingTime(at: now), task.expires ?? "-", task.arguments ?? "-", task.problem ?? "",
                        ]
                    }) + more
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
            let tasks = try await queue.scheduled(limit: shown.limit, display: reveal.display)
            let all = try await queue.statistics().scheduled
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
                    }) + more
            }
        }
    }
}

/// `sms-queue workers`
struct Workers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The queue's workers and what each of them is doing.")

    @OptionGroup var reveal: RevealOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let workers = try await queue.workers(display: reveal.display)
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
            })
        let held = workers.flatMap { worker in worker.tasks.map { (worker.name, $0) } }
        guard !held.isEmpty else { return overview }
        let tasks = TextTable.text(
            ["WORKER", "CLAIM", "ID", "TASK", "STATE", "RETRIES", "EXPIRES", "ARGUMENTS"],
            held.map { name, held in
                [
                    name, "\(held.claim)", held.task.id ?? "-", held.task.task ?? "-",
                    held.attemptSent.map { "attempt \($0) is out" } ?? "taken",
                    held.task.retries.map(String.init) ?? "-", held.task.expires ?? "-", held.task.arguments ?? "-",
                ]
            })
        return "\(overview)\n\n\(tasks)"
    }
}

extension QueuedTask {
    /// For how long it waits where it is; a dash where that is not known.
    fileprivate func waitingTime(at now: WireTime) -> String {
        guard let since = since.flatMap(WireTime.init) else { return "-" }
        return words(seconds: max(0, now.since(since) / .seconds(1)))
    }
}
