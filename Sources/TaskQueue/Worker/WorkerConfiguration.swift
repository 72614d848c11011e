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

    /// Which of several queues is served first.
    public enum QueueOrder: String, Sendable, CaseIterable {
        /// Each by its weight.
        case weighted
        /// In their order: the next one only while those before it are empty.
        case strict
    }

    /// The broker.
    public var broker: RedisConfiguration
    /// The queues that it takes messages from.
    public var queues: [QueueShare] = ["celery"]
    /// Which of several queues is served first.
    public var queueOrder = QueueOrder.weighted
    /// The worker's name, `name@host`, as logs and monitors show it.
    public var name: String
    /// How many tasks run at once.
    public var concurrency = 64
    /// When a message is let go.
    public var acknowledgement = Acknowledgement.late
    /// How long running tasks may go on after the worker was told to stop.
    public var grace: Duration = .seconds(25)
    /// How long tasks may take at most: when all run and none ends for longer, the worker is taken to stand still. Nil: as
    /// long as they like.
    public var longestTask: Duration?
    /// How long a loop may take to come round. Commands end after five seconds, and the loops' pauses after three: one that
    /// takes longer than this is stuck.
    package var longestTurn = Duration.seconds(20)
    /// How much time one sample of the queues' history stands for; the same for all workers.
    package var historySlot = Broker.historySlot
    /// How often a message may come back from dead workers before it is taken for the cause.
    public var maximumRedeliveries = 5
    /// How many dead letters are kept.
    public var deadLetterLimits = DeadLetterLimits()
    /// Where results are stored; nil: nowhere.
    public var results: ResultBackendConfiguration?
    /// What sees the tasks go by, the first one outermost.
    public var middleware: [any TaskMiddleware] = []
    /// Where tasks run. By default on Swift's global pool; ``RedisClient/RedisEventLoop/shared`` saves the hops between
    /// threads, for tasks that never block.
    public var executor: any TaskExecutor = globalConcurrentExecutor

    /// The defaults for that broker.
    public init(broker: RedisConfiguration, name: String) {
        self.broker = broker
        self.name = name
    }
}
