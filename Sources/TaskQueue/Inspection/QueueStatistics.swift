/// How much of a queue is where, and which workers it has.
public struct QueueStatistics: Sendable, Codable, Hashable {
    /// The queue's name.
    public var queue: String
    /// When it was so, by the server's clock, ISO 8601.
    public var time = ""
    /// Waiting messages by band: `0`, `3`, `6`, `9`.
    public var waiting: [String: Int] = [:]
    /// By band: for how many seconds the next messages have waited at most. A band is left out when none of them tells,
    /// as those of Celery do not.
    public var oldestWaitingSecondsByBand: [String: Double] = [:]
    /// The largest of these.
    public var oldestWaitingSeconds: Double?
    /// What each worker holds.
    public var claimed: [String: Int] = [:]
    /// Workers that have not been heard of within their lease: others take over what they hold.
    public var silentWorkers: [String] = []
    /// Retries and tasks with a later time.
    public var scheduled = 0
    /// In how many seconds the next scheduled message is due; negative: overdue.
    public var nextDueSeconds: Double?
    /// By task: messages that wait for the limits of their task.
    public var limited: [String: Int] = [:]
    /// Dead letters.
    public var dead = 0
    /// Nothing is claimed now.
    public var isPaused = false
    /// Counters since the queue's creation.
    public var counters: [String: Int] = [:]

    /// Nothing, nowhere.
    public init(queue: String) {
        self.queue = queue
    }

    /// All that waits for a worker.
    public var allWaiting: Int { waiting.values.reduce(0, +) }
    /// All that workers hold.
    public var allClaimed: Int { claimed.values.reduce(0, +) }

    /// How fast each counter has grown since, a second.
    ///
    /// - Parameters:
    ///   - earlier: What it was before.
    ///   - time: How long ago that was.
    public func rates(since earlier: QueueStatistics, over time: Duration) -> [String: Double] {
        let seconds = time / .seconds(1)
        guard seconds > 0 else { return [:] }
        return counters.reduce(into: [:]) { rates, counter in
            let growth = counter.value - earlier.counters[counter.key, default: 0]
            // After the queue's counters were deleted they begin anew.
            rates[counter.key] = Double(max(0, growth)) / seconds
        }
    }
}
