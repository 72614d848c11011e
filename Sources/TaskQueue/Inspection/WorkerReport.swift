/// A worker of a queue and what it holds.
public struct WorkerReport: Sendable, Codable, Hashable {
    /// The worker's name in Redis.
    public var name: String
    /// It was heard of within its lease.
    public var isAlive: Bool
    /// For how many seconds its lease still holds; negative: for how long it is over.
    public var leaseSeconds: Double
    /// What it has taken and not ended, the longest held first.
    public var tasks: [HeldTask]
    /// How many more are on their way to it.
    public var arriving: Int

    /// How many seconds ago it gave its last sign of life; nil when it never gave one, as one that the doctor has entered.
    public var silentSeconds: Double? {
        let seconds = Broker.lease / .seconds(1) - leaseSeconds
        return seconds < 365 * 86_400 ? max(0, seconds) : nil
    }
}

/// A message in the hands of a worker.
public struct HeldTask: Sendable, Codable, Hashable {
    /// Under which number the worker holds it.
    public var claim: Int
    /// The attempt that has passed the fence; nil: none, it has had no effect yet under this claim.
    public var attemptSent: Int?
    /// Since when the worker has been seen to hold it, ISO 8601: at most two seconds longer. Nil for what it has only just
    /// taken.
    public var heldSince: String?
    /// The message.
    public var task: QueuedTask
}

/// A message that waits for its time.
public struct ScheduledTask: Sendable, Codable, Hashable {
    /// When it is due, ISO 8601.
    public var due: String
    /// In how many seconds; negative: overdue.
    public var dueInSeconds: Double
    /// The message.
    public var task: QueuedTask
}
