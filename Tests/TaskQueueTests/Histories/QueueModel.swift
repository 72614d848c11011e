import TaskQueue

/// Where every job is: the specification of the queue, in plain values.
///
/// In every list of jobs the first one is the next to be taken. Time goes by in whole days.
struct QueueModel {
    struct Claimed {
        var job: Job
        /// The attempt that has passed the fence.
        var sentAttempt: Int?
    }

    struct Scheduled {
        var job: Job
        /// In minutes of the history.
        var due: Int
    }

    struct Dead {
        var job: Job
        var reason: String
        var day: Int
    }

    static let maximumRedeliveries = 2
    static let deadLetterDays = 10
    static let minutesPerDay = 24 * 60

    // The places.
    var waiting: [PriorityBand: [Job]] = [:]
    var arriving: [String: [Job]] = [:]
    var claimed: [String: [Int: Claimed]] = [:]
    /// The earliest due first.
    var scheduled: [Scheduled] = []
    var lines: [SimulatedTask: [Job]] = [:]
    var dead: [Dead] = []
    var ended: [Job] = []

    // Everything else.
    var today = 0
    /// True while the lease holds; none: the worker is unknown.
    var leases: [String: Bool] = [:]
    /// The day on which the next start would be due if all came evenly.
    var nextStart: [SimulatedTask: Int] = [:]
    var tasksThatHadLine: Set<SimulatedTask> = []
    var isPaused = false
    var counters: [String: Int] = [:]
    var sent: [Job] = []

    // MARK: - Moves

    /// The end of the line.
    mutating func append(_ jobs: [Job]) {
        sent += jobs
        for job in jobs { waiting[job.band, default: []].append(job) }
    }

    mutating func putAtHead(_ job: Job) {
        waiting[job.ownBand, default: []].insert(job, at: 0)
    }

    /// What is idle takes the next one of a band; it has no claim number yet.
    mutating func arrive(at worker: String, from band: PriorityBand) {
        guard waiting[band]?.isEmpty == false else { return }
        arriving[worker, default: []].append(waiting[band, default: []].removeFirst())
    }

    mutating func giveBackArriving(at worker: String) {
        for job in (arriving.removeValue(forKey: worker) ?? []).reversed() { putAtHead(job) }
    }

    /// What waited for its limits comes first, then what has arrived, then the bands in their order.
    mutating func claim(for worker: String, from first: Int, atMost most: Int, rooms: [Int]) -> [Int] {
        var jobs: [Job] = []
        var fromLines: [Int] = []
        for (task, room) in zip(SimulatedTask.withLine, rooms) {
            let wanted = min(room, most - jobs.count, lines[task, default: []].count)
            let count = useStarts(of: task, wanted)
            jobs += lines[task, default: []].take(count)
            fromLines.append(count)
        }
        jobs += arriving[worker, default: []].take(most - jobs.count)
        for band in PriorityBand.allCases { jobs += waiting[band, default: []].take(most - jobs.count) }
        for (index, job) in jobs.enumerated() { claimed[worker, default: [:]][first + index] = Claimed(job: job) }
        // What there is no place for goes back.
        if jobs.count == most { giveBackArriving(at: worker) }
        count("claimed", jobs.count)
        return fromLines
    }

    /// False: it has gone to the line of its task, behind all that are as urgent.
    mutating func admit(_ claim: ClaimName, hasRoom: Bool) -> Bool {
        guard let job = self[claim]?.job else { return false }
        if hasRoom, lines[job.task, default: []].isEmpty, useStarts(of: job.task, 1) == 1 { return true }
        var line = lines[job.task, default: []]
        line.insert(job, at: line.firstIndex { $0.band.rawValue > job.band.rawValue } ?? line.endIndex)
        lines[job.task] = line
        tasksThatHadLine.insert(job.task)
        count("limited")
        self[claim] = nil
        return false
    }

    mutating func schedule(_ job: Job, minutes: Int) {
        let new = Scheduled(job: job, due: today * Self.minutesPerDay + minutes)
        scheduled.insert(new, at: scheduled.firstIndex { $0.due > new.due } ?? scheduled.endIndex)
    }

    /// What is due goes to the head of its line, the one that is due for longest first.
    mutating func promote() {
        let due = scheduled.prefix { $0.due <= today * Self.minutesPerDay }
        scheduled.removeFirst(due.count)
        for entry in due.reversed() { putAtHead(entry.job) }
        dropOldDeadLetters()
    }

    mutating func bury(_ claim: ClaimName, reason: String) {
        guard let job = self[claim]?.job else { return }
        self[claim] = nil
        count("dead")
        dropOldDeadLetters()
        dead.append(Dead(job: job, reason: reason, day: today))
    }

    private mutating func dropOldDeadLetters() {
        let old = dead.filter { $0.day + Self.deadLetterDays <= today }
        dead.removeAll { $0.day + Self.deadLetterDays <= today }
        ended += old.map(\.job)
        count("dead_dropped", old.count)
    }

    mutating func takeBack(_ claim: ClaimName, redeliveries: Int) {
        guard var job = self[claim]?.job else { return }
        self[claim] = nil
        job.redeliveries = redeliveries
        putAtHead(job)
        count("redelivered")
    }

    /// Nothing is lost with a worker; it keeps its order, but for what may be the cause of its death.
    mutating func takeOver(_ worker: String) {
        guard leases[worker] != true else { return }
        for number in claimed[worker, default: [:]].keys.sorted(by: >) {
            let claim = ClaimName(worker: worker, number: number)
            guard let entry = self[claim] else { continue }
            if entry.job.isUnreadable {
                takeBack(claim, redeliveries: 0)
            } else if entry.job.redeliveries == Self.maximumRedeliveries {
                bury(claim, reason: "poison")
            } else if entry.sentAttempt != nil, entry.job.task == .held {
                bury(claim, reason: "unknown")
            } else {
                takeBack(claim, redeliveries: entry.job.redeliveries + 1)
            }
        }
        _ = forget(worker)
    }

    /// False while it lives or holds something.
    mutating func forget(_ worker: String) -> Bool {
        guard leases[worker] != true else { return false }
        giveBackArriving(at: worker)
        guard claimed[worker, default: [:]].isEmpty else { return false }
        leases[worker] = nil
        return true
    }

    mutating func holdUnknown(of worker: String) {
        for (number, entry) in claimed[worker, default: [:]].sorted(by: { $0.key > $1.key })
        where entry.sentAttempt != nil && entry.job.task == .held {
            bury(ClaimName(worker: worker, number: number), reason: "unknown")
        }
    }

    /// All that it holds is at the head of the line again, in the old order. Returns how many.
    mutating func giveBack(of worker: String, isFinal: Bool) -> Int {
        let claims = (claimed.removeValue(forKey: worker) ?? [:]).sorted { $0.key > $1.key }
        let all = arriving[worker, default: []].count + claims.count
        giveBackArriving(at: worker)
        for (_, entry) in claims { putAtHead(entry.job) }
        count("given_back", all)
        if isFinal { leases[worker] = nil }
        return all
    }

    mutating func end(_ claim: ClaimName, as counter: String) -> Bool {
        guard let job = self[claim]?.job else { return false }
        self[claim] = nil
        ended.append(job)
        count(counter)
        return true
    }

    mutating func revive(at index: Int) {
        var job = dead.remove(at: index).job
        // It starts anew.
        job.retries = 0
        job.redeliveries = 0
        waiting[job.ownBand, default: []].append(job)
        count("revived")
    }

    // MARK: - Limits

    /// How many of the wanted starts are allowed today.
    private mutating func useStarts(of task: SimulatedTask, _ wanted: Int) -> Int {
        guard task.rate != nil, wanted > 0 else { return max(0, wanted) }
        let start = max(nextStart[task] ?? today, today)
        let used = max(0, min(wanted, today + SimulatedTask.burst - start))
        if used > 0 { nextStart[task] = start + used }
        return used
    }

    /// In how many days what waits in lines may start.
    var daysUntilStart: Int? {
        lines.filter { !$0.value.isEmpty }.map { task, _ in
            task.rate == nil ? 0 : max(0, (nextStart[task] ?? today) - (SimulatedTask.burst - 1) - today)
        }.min()
    }

    /// In how many days the next scheduled job is due.
    var daysUntilDue: Int? { scheduled.first.map { max(0, days(until: $0.due)) } }

    /// Rounded: the minutes only keep the order.
    func days(until due: Int) -> Int {
        Int((Double(due) / Double(Self.minutesPerDay)).rounded()) - today
    }

    // MARK: - Parts

    subscript(claim: ClaimName) -> Claimed? {
        get { claimed[claim.worker]?[claim.number] }
        set { claimed[claim.worker, default: [:]][claim.number] = newValue }
    }

    mutating func count(_ counter: String, _ number: Int = 1) {
        if number > 0 { counters[counter, default: 0] += number }
    }

}

extension [Job] {
    /// Takes up to so many from the front.
    fileprivate mutating func take(_ count: Int) -> [Job] {
        let taken = prefix(Swift.max(0, count))
        removeFirst(taken.count)
        return Array(taken)
    }
}
