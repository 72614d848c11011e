/// How much of a queue is where.
public struct QueueStatistics: Sendable, Codable, Hashable {
    /// The queue's name.
    public var queue: String
    /// Waiting messages by band: `0`, `3`, `6`, `9`.
    public var waiting: [String: Int] = [:]
    /// What each worker holds.
    public var claimed: [String: Int] = [:]
    /// Retries and tasks with a later time.
    public var scheduled = 0
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
}

/// A waiting message, as far as a person needs it; nothing of its arguments.
public struct QueuedTask: Sendable, Codable, Hashable {
    /// The task's id, nil when the message cannot be read.
    public var id: String?
    /// The task's name, nil when the message cannot be read.
    public var task: String?
    /// The band it waits in.
    public var priority: Int
    /// How many times it was retried.
    public var retries: Int?
    /// When it expires, ISO 8601.
    public var expires: String?
    /// Why a worker will not run it; nil when it looks well.
    public var problem: String?

    init(_ raw: [UInt8], band: PriorityBand) {
        priority = band.rawValue
        do throws(MessageRefusal) {
            let message = try TaskMessage(raw)
            id = message.id
            task = message.task
            retries = message.retries
            expires = message.expires?.text
        } catch {
            id = TaskMessage.id(of: raw)
            problem = error.description
        }
    }
}
