internal import ArgumentParser
internal import TaskQueue

/// `sms-queue stats`
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How much of the queue is where.")

    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let statistics = try await queue.statistics()
            try options.show(statistics) { Self.table(statistics) }
        }
    }

    private static func table(_ statistics: QueueStatistics) -> String {
        var rows = [["queue", statistics.queue + (statistics.isPaused ? " (paused)" : "")]]
        for band in PriorityBand.allCases {
            let name = band == .urgent ? "waiting" : "waiting, priority \(band.rawValue)"
            rows.append([name, "\(statistics.waiting[String(band.rawValue)] ?? 0)"])
        }
        rows.append(["claimed", "\(statistics.claimed.values.reduce(0, +))"])
        rows.append(["scheduled", "\(statistics.scheduled)"])
        rows += statistics.limited.sorted { $0.key < $1.key }.map { ["limited \($0.key)", "\($0.value)"] }
        rows.append(["dead", "\(statistics.dead)"])
        rows += statistics.claimed.sorted { $0.key < $1.key }.map { ["worker \($0.key)", "\($0.value) claimed"] }
        rows += statistics.counters.sorted { $0.key < $1.key }.map { ["total \($0.key)", "\($0.value)"] }
        return TextTable.text(["WHAT", "HOW MUCH"], rows)
    }
}

/// `sms-queue list`
struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The waiting tasks, the next one first.")

    @OptionGroup var shown: LimitOption
    @OptionGroup var options: QueueOptions

    func run() async {
        await options.run { queue in
            let tasks = try await queue.waiting(limit: shown.limit)
            let all = try await queue.statistics().waiting.values.reduce(0, +)
            try options.show(tasks) {
                let more = all > tasks.count ? "\n\(all) wait; --limit shows more than \(tasks.count)." : ""
                return TextTable.text(
                    ["ID", "TASK", "PRIORITY", "RETRIES", "EXPIRES", "PROBLEM"],
                    tasks.map { task in
                        [
                            task.id ?? "-", task.task ?? "-", "\(task.priority)", task.retries.map(String.init) ?? "-",
                            task.expires ?? "-", task.problem ?? "",
                        ]
                    }) + more
            }
        }
    }
}
