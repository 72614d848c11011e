/// A task by name, arguments and result: what producer and worker share.
///
/// ```swift
/// let greet = TaskDefinition<Greeting, Int>("greet", options: TaskOptions(expires: .seconds(300)))
/// ```
public struct TaskDefinition<Arguments: TaskArguments, Result: Encodable & Sendable>: Sendable {
    /// The registered name, the same on both sides and in both languages.
    public let name: String
    /// How it is sent, how long it is good, what a worker does when it fails.
    public var options: TaskOptions

    /// Defines a task.
    public init(_ name: String, options: TaskOptions = TaskOptions()) {
        self.name = name
        self.options = options
    }
}

/// How a task is sent, limited and retried, and what happens to it when nobody knows how it ended.
public struct TaskOptions: Sendable, Hashable {
    /// What to do with a task whose worker died after it had confirmed its claim: it may have had its effect, or not.
    public enum UnknownOutcome: Sendable, Hashable {
        /// Run it again.
        case resend
        /// Put it into the dead letters with the reason `unknown`, for a person to decide.
        case hold
    }

    /// The queue that it is sent to; nil: the producer's.
    public var queue: String?
    /// How urgent it is: 0, the most urgent, to 9.
    public var priority = 0
    /// A message sent without an expiry of its own is good for so long; nil: for ever.
    public var expires: Duration?
    /// How long an attempt may run; a message may bring limits of its own.
    public var timeLimits = TimeLimits()
    /// How many times it is retried after the first attempt.
    public var maximumRetries = 5
    /// The pauses between attempts.
    public var backoff = RetryBackoff()
    /// What to do when nobody knows how an attempt ended.
    public var unknownOutcome = UnknownOutcome.resend
    /// Headers that its messages are sent with, beside Celery's own; see ``OutgoingTask/headers``.
    public var headers: [String: String] = [:]
    /// Its results are not stored, unless a message asks for it.
    public var ignoresResult = false
    /// How many of it one worker runs at once; nil: as many as it has places.
    public var maximumConcurrency: Int?
    /// How often it may start, over all workers.
    public var rateLimit: RateLimit?

    /// The defaults: five retries, no expiry, no limits, run again when unknown.
    public init(expires: Duration? = nil) {
        self.expires = expires
    }

    /// It may have to wait although a worker has a free place.
    var hasStartLimits: Bool { maximumConcurrency != nil || rateLimit != nil }
}
