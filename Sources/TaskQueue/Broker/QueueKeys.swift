/// The Redis keys of one queue. They are public interface: ops read them with `redis-cli`.
public struct QueueKeys: Sendable, Hashable {
    /// The queue's name.
    public let queue: String

    /// The keys of the queue of that name.
    public init(queue: String) {
        self.queue = queue
    }

    /// The waiting lists, the most urgent first.
    public var waiting: [String] { PriorityBand.allCases.map { $0.list(of: queue) } }
    /// Hash: claim number → message that the worker has taken and not settled; `<number>:sent` → attempt that went out.
    public func claimed(by worker: String) -> String { "{\(queue)}:claimed:\(worker)" }
    /// List: messages that came to a worker while it waited, and that it has not yet numbered.
    public func arriving(at worker: String) -> String { "{\(queue)}:arriving:\(worker)" }
    /// Hash: claim number → since when the worker has been seen to hold it, in milliseconds of the server's clock. It is
    /// looked at when the worker renews its lease, every two seconds.
    public func held(by worker: String) -> String { "{\(queue)}:held:\(worker)" }
    /// Sorted set: worker → end of its lease, in milliseconds of the server's clock.
    public var workers: String { "{\(queue)}:workers" }
    /// Sorted set: message → time when it is due, in milliseconds of the server's clock.
    public var scheduled: String { "{\(queue)}:scheduled" }
    /// Sorted set: message that waits for the limits of its task → its place in the line.
    public func line(of task: String) -> String { "{\(queue)}:limited:\(task)" }
    /// Set: names of the tasks that have or had a line.
    public var tasksWithLine: String { "{\(queue)}:limited" }
    /// String: when the next start of the task is due at its rate, in microseconds of the server's clock. One for all
    /// queues, as a rate limit holds for the task, wherever it comes from.
    public static func rate(of task: String) -> String { "{\(task)}:rate" }
    /// Channel on which workers are told of something that they may have to act on before they look again.
    public var wakeUps: String { "{\(queue)}:wake" }
    /// Sorted set: dead letter's id → time of death, in milliseconds of the server's clock.
    public var dead: String { "{\(queue)}:dead" }
    /// Hash: dead letter's id → its message, bytes untouched.
    public var deadMessages: String { "{\(queue)}:dead:messages" }
    /// Hash: dead letter's id → JSON with reason, error, times.
    public var deadDetails: String { "{\(queue)}:dead:details" }
    /// String, present while nothing may be claimed.
    public var paused: String { "{\(queue)}:paused" }
    /// Hash: counters since the queue's creation.
    public var statistics: String { "{\(queue)}:stats" }
    /// Stream: what people have done to the queue; see ``AuditLog``.
    public var audit: String { "{\(queue)}:audit" }
    /// Hash with a time to live: slot of time → JSON, how the queue stood then; the last hour.
    public var history: String { "{\(queue)}:history" }
    /// String with a time to live: the scheduler that sends the periodic tasks.
    public var scheduler: String { "{\(queue)}:scheduler" }
    /// Hash: periodic task's name → its last due time that was dealt with, in milliseconds; at first, when it was seen.
    public var periodic: String { "{\(queue)}:periodic" }
    /// Hash: periodic task's name → its schedule. One that was changed starts afresh.
    public var periodicSchedules: String { "{\(queue)}:periodic:schedules" }
}
