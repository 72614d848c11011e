internal import TaskQueue

/// One screen about a queue.
enum StatisticsTable {
    /// The counters that say what goes in and what comes of it; others are shown when they have counted something.
    private static let mainCounters = ["enqueued", "claimed", "succeeded", "retried", "expired", "dead"]

    /// - Parameters:
    ///   - sample: What to show.
    ///   - history: What was before, the latest last: as much of it as there is room for.
    ///   - columns: How wide the screen is.
    static func text(_ sample: StatisticsSample, history: [StatisticsSample], columns: Int) -> String {
        let gap = 2
        let width = text(sample).split(separator: "\n").map(\.count).max() ?? 0
        return text(sample, Array(history.suffix(max(1, columns - width - gap))))
    }

    static func text(_ sample: StatisticsSample, _ history: [StatisticsSample] = []) -> String {
        let statistics = sample.statistics
        func line(_ value: (StatisticsSample) -> Double) -> String { Sparkline.text(history.map(value)) }

        var rows = [["queue", statistics.queue + (statistics.isPaused ? " (paused)" : ""), "", ""]]
        for band in PriorityBand.allCases {
            let name = String(band.rawValue)
            rows.append([
                band == .urgent ? "waiting" : "waiting, priority \(name)", "\(statistics.waiting[name] ?? 0)", "",
                line { Double($0.statistics.waiting[name] ?? 0) },
            ])
        }
        rows.append(["oldest waits for", statistics.oldestWaitingSeconds.map(words) ?? "-", "", ""])
        rows.append(["claimed", "\(statistics.allClaimed)", "", line { Double($0.statistics.allClaimed) }])
        let due = statistics.nextDueSeconds.map { $0 > 0 ? ", next in \(words(seconds: $0))" : ", next is due" } ?? ""
        rows.append(["scheduled", "\(statistics.scheduled)\(due)", "", line { Double($0.statistics.scheduled) }])
        for (task, count) in statistics.limited.sorted(by: { $0.key < $1.key }) {
            rows.append(["limited \(task)", "\(count)", "", line { Double($0.statistics.limited[task] ?? 0) }])
        }
        rows.append(["dead", "\(statistics.dead)", "", line { Double($0.statistics.dead) }])
        for (worker, count) in statistics.claimed.sorted(by: { $0.key < $1.key }) {
            let isSilent = statistics.silentWorkers.contains(worker)
            rows.append(["worker \(worker)", "\(count) claimed" + (isSilent ? ", silent" : ""), "", ""])
        }
        let others = Set(statistics.counters.keys).subtracting(mainCounters).sorted()
        for counter in mainCounters + others {
            rows.append([
                "total \(counter)", "\(statistics.counters[counter] ?? 0)", sample.rates[counter].map(tenths) ?? "",
                line { $0.rates[counter] ?? 0 },
            ])
        }
        return TextTable.text(["WHAT", "HOW MUCH", "A SECOND", history.isEmpty ? "" : "LATELY"], rows)
    }

    /// One line for each queue: the waiting by priority, then how many came in and were done a second.
    static func overview(_ queues: [StatisticsSample]) -> String {
        let bands = PriorityBand.allCases.map { String($0.rawValue) }
        return TextTable.text(
            ["QUEUE", "WAITING"] + bands.map { "PRIO \($0)" } + [
                "OLDEST", "CLAIMED", "SCHEDULED", "LIMITED", "DEAD", "WORKERS", "IN/S", "DONE/S",
            ],
            queues.map { sample in
                let queue = sample.statistics
                func rate(_ counter: String) -> String {
                    sample.measuredSeconds == nil ? "-" : tenths(sample.rates[counter] ?? 0)
                }
                return [queue.queue + (queue.isPaused ? " (paused)" : ""), "\(queue.allWaiting)"]
                    + bands.map { "\(queue.waiting[$0] ?? 0)" }
                    + [
                        queue.oldestWaitingSeconds.map(words) ?? "-", "\(queue.allClaimed)", "\(queue.scheduled)",
                        "\(queue.limited.values.reduce(0, +))", "\(queue.dead)",
                        "\(queue.claimed.count - queue.silentWorkers.count)", rate("enqueued"), rate("succeeded"),
                    ]
            }, nothing: "nobody has used a queue in this database")
    }
}
