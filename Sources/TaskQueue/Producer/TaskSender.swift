/// Sends tasks: over Redis (``TaskProducer``), or in tests into a list (``RecordingProducer``) or straight to the tasks'
/// bodies (``InlineProducer``). Code that takes `some TaskSender` works with each of them.
public protocol TaskSender: Sendable {
    /// Where tasks go that do not say.
    var queue: String { get }
    /// Sends tasks in their order. When it returns, they are where this sender puts them.
    func send(_ tasks: [OutgoingTask]) async throws
}

extension TaskSender {
    /// Sends one task.
    ///
    /// - Parameters:
    ///   - task: What to run.
    ///   - arguments: With what.
    ///   - id: The task's id, which no other task has; nil: a new one.
    ///   - queue: Where it goes; nil: what the task's options say, or else the sender's queue.
    ///   - priority: 0, the most urgent, to 9; nil: what the task's options say.
    ///   - countdown: It does not run before so much time has passed.
    ///   - eta: It does not run before that time. With a countdown too, the countdown holds.
    ///   - expires: It does not run after so much time; nil: what the task's options say.
    ///   - now: The sender's time, from which the others count.
    /// - Returns: The task's id.
    /// - Throws: What the sender throws; `EncodingError` or ``ArgumentWithoutPlace`` for the arguments.
    @discardableResult
    public func enqueue<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, id: TaskID? = nil, queue: String? = nil,
        priority: Int? = nil, countdown: Duration? = nil, eta: WireTime? = nil, expires: Duration? = nil,
        now: WireTime = .now
    ) async throws -> TaskID {
        let outgoing = try outgoing(
            task, arguments, id: id ?? .random(), queue: queue, priority: priority, countdown: countdown, eta: eta,
            expires: expires, now: now)
        try await send([outgoing])
        return outgoing.id
    }

    /// Sends a task many times, with different arguments, at the cost of few round trips.
    ///
    /// - Returns: The tasks' ids, in the order of the arguments.
    /// - Throws: As for one task. Some tasks may have been sent then.
    @discardableResult
    public func enqueue<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, many arguments: [Arguments], queue: String? = nil,
        priority: Int? = nil, countdown: Duration? = nil, eta: WireTime? = nil, expires: Duration? = nil,
        now: WireTime = .now
    ) async throws -> [TaskID] {
        let tasks = try arguments.map { arguments in
            try outgoing(
                task, arguments, id: .random(), queue: queue, priority: priority, countdown: countdown, eta: eta,
                expires: expires, now: now)
        }
        try await send(tasks)
        return tasks.map(\.id)
    }

    private func outgoing<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, id: TaskID, queue: String?, priority: Int?,
        countdown: Duration?, eta: WireTime?, expires: Duration?, now: WireTime
    ) throws -> OutgoingTask {
        var outgoing = try OutgoingTask(
            task, arguments, id: id, to: queue ?? task.options.queue ?? self.queue, now: now)
        if let priority { outgoing.priority = priority }
        outgoing.eta = countdown.map { now.adding($0) } ?? eta
        if let expires { outgoing.expires = now.adding(expires) }
        return outgoing
    }
}

extension OutgoingTask {
    /// A task as its options want it.
    init<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, id: TaskID, to queue: String, now: WireTime
    ) throws {
        let options = task.options
        self.init(task: task.name, id: id, queue: queue, arguments: try ArgumentCoding.positional(arguments))
        argumentsForDisplay = ArgumentCoding.display(arguments)
        sent = now
        priority = options.priority
        timeLimits = options.timeLimits == TimeLimits() ? nil : options.timeLimits
        ignoresResult = options.ignoresResult
        headers = options.headers
        expires = options.expires.map { now.adding($0) }
    }
}
