import TaskQueue

/// What the jobs, the kills and the journal together say.
struct Aftermath {
    let kills: [Kill]
    private let jobs: [TaskID: Job]
    private let executions: [TaskID: [Execution]]
    private let killsHolding: [TaskID: [Kill]]

    init(jobs: [Job], kills: [Kill], executions: [Execution]) {
        self.kills = kills
        self.jobs = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
        self.executions = Dictionary(grouping: executions, by: \.task)
        killsHolding = kills.reduce(into: [:]) { holding, kill in
            for task in kill.inFlight { holding[task, default: []].append(kill) }
        }
    }

    /// Jobs that had no effect and were not in time to expire.
    var lost: [Job] { jobs.values.filter { executions[$0.id] == nil && $0.expires == nil } }

    /// How many jobs expired before anybody had got to them.
    var neverReached: Int { jobs.values.count { executions[$0.id] == nil && $0.expires != nil } }

    /// Executions of tasks that confirmed their claim only after their expiry.
    var late: [Execution] {
        executions.values.joined().filter { execution in
            guard let expires = jobs[execution.task]?.expires else { return false }
            return execution.asked >= expires
        }
    }

    /// How many executions were not the first of their job.
    var duplicates: Int { executions.values.reduce(0) { $0 + $1.count - 1 } }

    /// Jobs that were executed again more often than a worker was killed that held them.
    var unexplainedDuplicates: [TaskID] {
        executions.filter { $0.value.count - 1 > killsHolding[$0.key]?.count ?? 0 }.map(\.key)
    }

    /// Executions by others of what a killed worker held, before its lease had ended.
    var earlyTakeovers: [Execution] {
        kills.flatMap { kill in
            kill.inFlight.flatMap { executions(of: $0, after: kill) }
                .filter { execution in kill.leaseEnd.map { execution.time < $0 } ?? false }
        }
    }

    /// For each kill: how long until the last of the jobs was executed again, had expired, or was in the hands of another
    /// worker that was killed in turn.
    var recoveries: [Duration] {
        kills.compactMap { kill in kill.inFlight.compactMap { recovery(of: $0, after: kill) }.max() }.sorted()
    }

    private func recovery(of task: TaskID, after kill: Kill) -> Duration? {
        let again = executions(of: task, after: kill).map(\.time)
        let nextKills = (killsHolding[task] ?? []).map(\.time).filter { $0 > kill.time }
        guard let end = (again + nextKills).min() ?? jobs[task]?.expires else { return nil }
        return max(.zero, end.since(kill.time))
    }

    private func executions(of task: TaskID, after kill: Kill) -> [Execution] {
        (executions[task] ?? []).filter { $0.worker != kill.worker && $0.time > kill.time }
    }
}
