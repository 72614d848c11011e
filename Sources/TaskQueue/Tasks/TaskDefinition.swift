/// A task by name, arguments and result: what producer and worker share.
///
/// ```swift
/// let greet = TaskDefinition<Greeting, Int>("greet", options: TaskOptions(expires: .seconds(300)))
/// ```
public struct TaskDefinition<Arguments: TaskArguments, Result: Encodable & Sendable>: Sendable {
    /// The registered name, the same on both sides and in both languages.
    public let name: String
    /// What a worker does when it fails, and how long a message is good.
    public var options: TaskOptions

    /// Defines a task.
    public init(_ name: String, options: TaskOptions = TaskOptions()) {
        self.name = name
        self.options = options
    }
}

/// How a task is retried and what happens to it when nobody knows how it ended.
public struct TaskOptions: Sendable, Hashable {
    /// What to do with a task whose worker died after it had confirmed its claim: it may have had its effect, or not.
    public enum UnknownOutcome: Sendable, Hashable {
        /// Run it again.
        case resend
        /// Put it into the dead letters with the reason `unknown`, for a person to decide.
        case hold
    }

    /// A message sent without an expiry of its own is good for so long; nil: for ever.
    public var expires: Duration?
    /// How many times it is retried after the first attempt.
    public var maximumRetries = 5
    /// The pauses between attempts.
    public var backoff = RetryBackoff()
    /// What to do when nobody knows how an attempt ended.
    public var unknownOutcome = UnknownOutcome.resend

    /// The defaults: five retries, no expiry, run again when unknown.
    public init(expires: Duration? = nil) {
        self.expires = expires
    }
}

/// Exponential back-off with full jitter: a random pause between nothing and a ceiling that doubles with each retry.
///
/// Source: <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
public struct RetryBackoff: Sendable, Hashable {
    /// The ceiling of the first pause.
    public var first: Duration = .seconds(1)
    /// No ceiling is higher.
    public var longest: Duration = .seconds(60)

    /// One second, doubling up to a minute.
    public init() {}

    /// The pause before the retry with that number, counted from 0.
    public func pause(beforeRetry retry: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(first * (1 << min(retry, 30)), longest)
        return ceiling * Double.random(in: 0...1, using: &generator)
    }
}
