public import RedisClient

/// Puts tasks on a queue in Redis, for a worker of this library or of Celery to run.
///
/// ```swift
/// let producer = TaskProducer(client: client, queue: "celery")
/// let id = try await producer.enqueue(greet, Greeting(name: "Ada", times: 2))
/// ```
///
/// When ``TaskSender/enqueue(_:_:id:queue:priority:countdown:eta:expires:now:)`` returns, the message is on the broker's
/// list. It throws ``RedisError`` when the broker refuses it or cannot be reached.
public struct TaskProducer: TaskSender {
    /// As many messages as one command carries.
    private static let portion = 100

    public let queue: String
    let client: RedisClient
    private let origin: String
    private let middleware: [any TaskMiddleware]

    /// A producer for one queue.
    ///
    /// - Parameters:
    ///   - client: The broker's client.
    ///   - queue: Where tasks go that do not say, `celery` by default.
    ///   - origin: Who sends, as monitors show it.
    ///   - middleware: What sees each task before it is sent.
    public init(
        client: RedisClient, queue: String = "celery", origin: String = "TaskQueue",
        middleware: [any TaskMiddleware] = []
    ) {
        self.client = client
        self.queue = queue
        self.origin = origin
        self.middleware = middleware
    }

    public func send(_ tasks: [OutgoingTask]) async throws {
        let prepared = tasks.map(passed)
        // The pushes decide; the counters that go with them are for people.
        let pushes = Self.pushes(of: prepared)
        guard !pushes.isEmpty else { return }
        let replies = try await client.send(pushes + Self.counts(of: prepared))
        for case .error(let text) in replies.prefix(pushes.count) { throw RedisError(serverError: text) }
    }

    /// Sends nothing, which takes as long as sending and fails in the same way: for callers whose clients must not learn
    /// whether there was something to send.
    public func sendNothing() async throws(RedisError) {
        // A broker that answers may still refuse to write: one that is full, or that has lost its replicas. This changes
        // nothing, and needs no other rights than sending.
        _ = try await client.send(RedisCommand("HINCRBY", QueueKeys(queue: queue).statistics, "enqueued", 0))
    }

    /// A task as it is sent, after all middleware.
    func passed(_ task: OutgoingTask) -> OutgoingTask {
        var task = task
        task.origin = task.origin ?? origin
        for middleware in middleware { middleware.willSend(&task) }
        return task
    }

    /// What follows each other on one list goes together.
    private static func pushes(of tasks: [OutgoingTask]) -> [RedisCommand] {
        var pushes: [RedisCommand] = []
        var rest = tasks[...]
        while let first = rest.first {
            let list = first.list
            let together = rest.prefix(portion).prefix { $0.list == list }
            pushes.append(RedisCommand("LPUSH", arguments: [list] + together.map { $0.encoded() as any RedisArgument }))
            rest = rest.dropFirst(together.count)
        }
        return pushes
    }

    private static func counts(of tasks: [OutgoingTask]) -> [RedisCommand] {
        Dictionary(grouping: tasks, by: \.queue).map { queue, tasks in
            RedisCommand("HINCRBY", QueueKeys(queue: queue).statistics, "enqueued", tasks.count)
        }
    }
}
