public import RedisClient

/// How a worker works.
public struct WorkerConfiguration: Sendable {
    /// When a message is let go.
    public enum Acknowledgement: String, Sendable, CaseIterable {
        /// When its task is done: nothing is lost when the worker dies, a task may run twice.
        case late
        /// Before its task starts, as Celery does by default: a task never runs twice, is not retried, and is lost with
        /// its worker.
        case early
    }

    /// The broker.
    public var broker: RedisConfiguration
    /// The queue's name.
    public var queue = "celery"
    /// The worker's name, `name@host`, as logs and monitors show it.
    public var name: String
    /// How many tasks run at once.
    public var concurrency = 64
    /// When a message is let go.
    public var acknowledgement = Acknowledgement.late
    /// How long running tasks may go on after the worker was told to stop.
    public var grace: Duration = .seconds(25)
    /// How often a message may come back from dead workers before it is taken for the cause.
    public var maximumRedeliveries = 5
    /// How many dead letters are kept.
    public var deadLetterLimits = DeadLetterLimits()

    /// The defaults for that broker.
    public init(broker: RedisConfiguration, name: String) {
        self.broker = broker
        self.name = name
    }
}
