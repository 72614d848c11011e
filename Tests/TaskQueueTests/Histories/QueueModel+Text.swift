import TaskQueue

extension QueueModel {
    /// Every key that Redis must hold, and what must be in it: the text of ``RedisSnapshot``.
    func text(_ keys: QueueKeys) -> String {
        var lines: [String] = []
        func add(_ key: String, _ entries: [String]) {
            if !entries.isEmpty { lines.append("\(key): " + entries.joined(separator: " ")) }
        }
        // Celery's lists grow on the left and are taken from on the right.
        for band in PriorityBand.allCases {
            add(keys.waiting[band.rawValue / 3], waiting[band, default: []].reversed().map(\.description))
        }
        for (worker, jobs) in arriving { add(keys.arriving(at: worker), jobs.reversed().map(\.description)) }
        for (worker, claims) in claimed {
            let entries = claims.sorted { $0.key < $1.key }.map { number, claim in
                "\(number)=\(claim.job)" + (claim.sentAttempt.map { ",sent=\($0)" } ?? "")
            }
            add(keys.claimed(by: worker), entries)
        }
        add(keys.workers, leases.map { "\($0)=\($1 ? "alive" : "overdue")" }.sorted())
        add(keys.scheduled, scheduled.map { "\($0.job)@\(days(until: $0.due))" })
        for (task, jobs) in self.lines { add(keys.line(of: task.rawValue), jobs.map(\.description)) }
        add(keys.tasksWithLine, tasksThatHadLine.map(\.rawValue).sorted())
        for (task, start) in nextStart where start > today {
            add(QueueKeys.rate(of: task.rawValue), ["\(start - today)"])
        }
        add(keys.dead, dead.map { "\($0.job),\($0.reason)" }.sorted())
        if !dead.isEmpty {
            add(keys.deadMessages, ["\(dead.count)"])
            add(keys.deadDetails, ["\(dead.count)"])
        }
        add(keys.paused, isPaused ? ["1"] : [])
        add(keys.statistics, counters.map { "\($0)=\($1)" }.sorted())
        return lines.sorted().joined(separator: "\n")
    }

    /// Jobs that are not in exactly one place: nil when there are none.
    var misplaced: String? {
        var balance: [Int: Int] = [:]
        for job in sent { balance[job.number, default: 0] += 1 }
        let inOrder = [Array(waiting.values), Array(arriving.values), Array(lines.values)].joined().joined()
        let others = claimed.values.flatMap { $0.values.map(\.job) } + scheduled.map(\.job) + dead.map(\.job)
        for job in Array(inOrder) + others + ended { balance[job.number, default: 0] -= 1 }
        let wrong = balance.filter { $0.value != 0 }
        return wrong.isEmpty ? nil : "jobs missing (+) or twice (-): \(wrong)"
    }
}
