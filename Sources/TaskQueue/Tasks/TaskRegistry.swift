internal import FoundationEssentials

/// The tasks that a worker can run.
public struct TaskRegistry: Sendable {
    struct Entry: Sendable {
        let options: TaskOptions
        /// Decodes the arguments and gives the run, which returns the result's JSON.
        let prepare: @Sendable (TaskMessage) throws(MessageRefusal) -> @Sendable (TaskContext) async throws -> [UInt8]
    }

    private var entries: [String: Entry] = [:]

    /// A registry without tasks.
    public init() {}

    /// The names, sorted.
    public var names: [String] { entries.keys.sorted() }

    subscript(name: String) -> Entry? { entries[name] }

    /// Says how a task is run. Registering a name again replaces it.
    ///
    /// The body may throw ``TaskRetry`` or ``TaskRejection``; any other error is a failure that is retried.
    public mutating func register<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>,
        _ body: @escaping @Sendable (Arguments, TaskContext) async throws -> Result
    ) {
        entries[task.name] = Entry(options: task.options) { message throws(MessageRefusal) in
            let arguments = try ArgumentCoding.decode(Arguments.self, from: message)
            return { context in
                let result = try await body(arguments, context)
                return try [UInt8](JSONEncoder().encode(result))
            }
        }
    }
}
