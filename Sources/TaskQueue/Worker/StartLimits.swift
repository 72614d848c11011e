import Synchronization

/// How many of each task with a limit this worker runs at once.
final class StartLimits: Sendable {
    typealias Task = (name: String, rate: RateLimit?)

    private let known: Set<String>
    private let options: [String: TaskOptions]
    private let running = Mutex<[String: Int]>([:])
    /// The tasks that may have to wait although a place is free.
    let tasks: [Task]

    init(_ options: [String: TaskOptions]) {
        known = Set(options.keys)
        self.options = options.filter { $0.value.hasStartLimits }
        tasks = self.options.map { ($0.key, $0.value.rateLimit) }.sorted { $0.name < $1.name }
    }

    /// Those of the tasks that this worker runs and that have no limits in it.
    func withoutLimits(_ names: Set<String>) -> [Task] {
        names.intersection(known).subtracting(options.keys).map { ($0, nil) }
    }

    /// Takes up to so many of the task's places in this worker. Returns how many.
    func take(_ task: String, atMost wanted: Int) -> Int {
        guard let most = options[task]?.maximumConcurrency else { return wanted }
        return running.withLock { running in
            let taken = max(0, min(wanted, most - running[task, default: 0]))
            running[task, default: 0] += taken
            return taken
        }
    }

    /// Gives places back. True when somebody may have waited for them.
    @discardableResult
    func giveBack(_ task: String, _ count: Int = 1) -> Bool {
        guard count > 0, options[task]?.maximumConcurrency != nil else { return false }
        running.withLock { $0[task, default: 0] -= count }
        return true
    }
}
