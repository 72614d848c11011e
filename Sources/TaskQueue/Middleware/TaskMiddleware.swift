/// What sees the tasks of a producer or a worker go by: logs, metrics and traces are made of it.
///
/// Every method has an implementation that does nothing. Those without `async` are called often, and from many tasks at
/// once: they should be quick.
public protocol TaskMiddleware: Sendable {
    /// A task is about to be sent; headers may be added to it.
    func willSend(_ task: inout OutgoingTask)
    /// Goes around an attempt: calls `next` once, and passes on what it throws.
    func run(_ context: TaskContext, next: () async throws -> Void) async throws
    /// Something happened to a task in a worker.
    func observe(_ event: TaskEvent)
    /// False when ``run(_:next:)`` does nothing but to call `next`: attempts then do not pass through it.
    var wrapsAttempts: Bool { get }
}

extension TaskMiddleware {
    public func willSend(_ task: inout OutgoingTask) {}
    public func run(_ context: TaskContext, next: () async throws -> Void) async throws { try await next() }
    public func observe(_ event: TaskEvent) {}
    public var wrapsAttempts: Bool { true }
}

/// What happens to a task in a worker.
public struct TaskEvent: Sendable {
    /// The kinds of events, in the order of a task's life.
    public enum Kind: Sendable {
        /// A worker has taken the message; not told again of one that has only waited since.
        case received
        /// It waits until its time has come.
        case scheduled(for: WireTime)
        /// It waits for the limits of its task.
        case limited
        /// An attempt begins.
        case started
        /// An attempt has done its work, in so much time.
        case succeeded(TaskResult, after: Duration)
        /// An attempt has failed, another one follows.
        case retried(after: Duration, reason: String)
        /// The last attempt has failed; the message is a dead letter now.
        case failed(reason: String)
        /// The task has said that it will never work; the message is a dead letter now.
        case rejected(reason: String)
        /// A person has to decide; the message is a dead letter now.
        case held(reason: String)
        /// Its time was over before it ran.
        case expired
        /// The soft time limit has cancelled the attempt, or the hard one has ended it.
        case timeLimitExceeded(Duration, isHard: Bool)
        /// Another worker has it now; nothing was done.
        case lost
        /// The worker stops in the middle of an attempt; the message goes back to the queue, unless
        /// ``TaskEvent/wasAcknowledgedEarly``.
        case interrupted
        /// No worker can run the message; it is a dead letter now.
        case refused(MessageRefusal)
    }

    /// What happened.
    public let kind: Kind
    /// The queue that the message came from.
    public let queue: String
    /// The task's name, nil when it cannot be made out.
    public let task: String?
    /// The task's id, nil when it cannot be made out.
    public let id: String?
    /// How many times it was retried before.
    public let retries: Int
    /// How often its message came back from a worker that died.
    public var redeliveries: Int { message?.redeliveries ?? 0 }
    /// An attempt may have had its effect, as far as is known: an earlier one went out and nobody knows how it ended, or this
    /// one did, and the task has not said that it came to nothing.
    public var mayHaveHadEffect = false
    /// The message was acknowledged before the attempt began: whatever becomes of the attempt, no worker runs it again.
    public var wasAcknowledgedEarly = false
    /// One word for metrics: why it is retried, or the dead letter's reason; nil where there is nothing to explain.
    public var cause: String?
    /// How long the message has waited, from the time when it could have been run until this event; nil when its sender
    /// does not say, as Celery does not.
    public var waited: Duration? { waitedMicroseconds.map { .microseconds($0) } }

    var waitedMicroseconds: Int? {
        guard let clock, let ready = message?.readySince else { return nil }
        // Its sender's clock may be ahead.
        return max(0, clock.now.microseconds - ready.microseconds)
    }

    // For what is only reckoned when somebody asks.
    var message: TaskMessage?
    var clock: ServerClock?
}
