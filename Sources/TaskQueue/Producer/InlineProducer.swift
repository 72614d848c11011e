/// Runs each task where it is sent, for tests and tools without a worker. It needs no Redis. The arguments go through
/// the wire's form all the same; countdown, limits and retries do not count.
public struct InlineProducer: TaskSender {
    public let queue: String
    private let registry: TaskRegistry

    /// A producer that runs the tasks of a registry.
    public init(registry: TaskRegistry, queue: String = "celery") {
        self.registry = registry
        self.queue = queue
    }

    /// Runs the tasks one after the other.
    ///
    /// - Throws: ``MessageRefusal`` for a task that a worker could not run, such as an unknown one; what a task's body
    ///   throws. The tasks after it are not run then.
    public func send(_ tasks: [OutgoingTask]) async throws {
        for task in tasks {
            let message = try TaskMessage(task.encoded())
            guard let entry = registry[message.task] else { throw MessageRefusal(unknownTask: message.task) }
            let body = try entry.prepare(message)
            _ = try await body(TaskContext(message: message, queue: task.queue) {})
        }
    }
}
