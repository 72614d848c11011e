public import RedisClient

/// Puts tasks on a queue, for a worker of this library or of Celery to run.
///
/// ```swift
/// let producer = TaskProducer(client: client, queue: "celery")
/// let id = try await producer.enqueue(greet, Greeting(name: "Ada", times: 2))
/// ```
public struct TaskProducer: Sendable {
    private let client: RedisClient
    private let queue: String
    private let origin: String

    /// A producer for one queue.
    ///
    /// - Parameters:
    ///   - client: The broker's client.
    ///   - queue: The queue's name, `celery` by default.
    ///   - origin: Who sends, as monitors show it.
    public init(client: RedisClient, queue: String = "celery", origin: String = "sms-queue") {
        self.client = client
        self.queue = queue
        self.origin = origin
    }

    /// Puts one task at the end of the line. When it returns, the message is on the broker's list.
    ///
    /// - Parameters:
    ///   - task: What to run.
    ///   - arguments: With what.
    ///   - priority: 0, the most urgent, to 9.
    ///   - countdown: It does not run before so much time has passed.
    ///   - expires: It does not run after so much time; nil: what the task's options say.
    ///   - now: The sender's time.
    /// - Returns: The task's id.
    /// - Throws: ``RedisError`` when the broker refuses it or cannot be reached; `EncodingError` for the arguments.
    @discardableResult
    public func enqueue<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, priority: Int = 0,
        countdown: Duration? = nil, expires: Duration? = nil, now: WireTime = .now
    ) async throws -> TaskID {
        let message = NewMessage(
            task: task.name, id: .random(), arguments: try ArgumentCoding.positional(arguments),
            argumentsForDisplay: ArgumentCoding.display(arguments), queue: queue, priority: priority,
            eta: countdown.map { now.adding($0) }, expires: (expires ?? task.options.expires).map { now.adding($0) },
            origin: origin)
        let list = PriorityBand(priority: priority).list(of: queue)
        let counter = RedisCommand("HINCRBY", QueueKeys(queue: queue).statistics, "enqueued", 1)
        // Two commands in one write: the push decides, the counter is for people.
        let replies = try await client.send([RedisCommand("LPUSH", list, message.encoded()), counter])
        if case .error(let text) = replies.first { throw RedisError(serverError: text) }
        return message.id
    }
}
