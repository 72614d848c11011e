/// The tasks that a worker can run.
public struct TaskRegistry: Sendable {
    /// Runs an attempt and returns the result; nil when no worker wants to see it.
    typealias Body = @Sendable (TaskContext) async throws -> TaskResult

    struct Entry: Sendable {
        let options: TaskOptions
        /// Decodes the arguments, once.
        let prepare: @Sendable (TaskMessage) throws(MessageRefusal) -> Body
    }

    private var entries: [String: Entry] = [:]

    /// A registry without tasks.
    public init() {}

    /// The names, sorted.
    public var names: [String] { entries.keys.sorted() }

    subscript(name: String) -> Entry? { entries[name] }

    /// The options of every task, by its name.
    var options: [String: TaskOptions] { entries.mapValues(\.options) }

    /// Says how a task is run. Registering a name again replaces it.
    ///
    /// The body may throw ``TaskRetry``, ``TaskRejection`` or ``TaskHold``; any other error is a failure that is retried,
    /// of which logs, dead letters and results tell only the type: its text may hold something confidential.
    // Of a body that fits both, such as one that only throws, the one below is meant.
    @_disfavoredOverload
    public mutating func register<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>,
        _ body: @escaping @Sendable (Arguments, TaskContext) async throws -> Result
    ) {
        entries[task.name] = Entry(options: task.options) { message throws(MessageRefusal) in
            let arguments = try ArgumentCoding.decode(Arguments.self, from: message)
            return { context in TaskResult(try await body(arguments, context)) }
        }
    }

    /// Says how a task without a result is run.
    public mutating func register<Arguments>(
        _ task: TaskDefinition<Arguments, NoResult>,
        _ body: @escaping @Sendable (Arguments, TaskContext) async throws -> Void
    ) {
        register(task) { arguments, context in
            try await body(arguments, context)
            return NoResult()
        }
    }
}

/// What a task has returned; made into JSON only for who wants to see it.
public struct TaskResult: Sendable {
    private let value: any Encodable & Sendable

    init(_ value: some Encodable & Sendable) {
        self.value = value
    }

    /// The result as JSON text.
    ///
    /// - Throws: `EncodingError` when it cannot be written.
    public func json() throws -> [UInt8] { try ValueEncoder.json(value) }
}
