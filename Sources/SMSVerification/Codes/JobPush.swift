internal import RedisClient
internal import TaskQueue

/// A job that a script of the store puts on its queue itself, as its last step: where the broker is a database of the
/// store's server. So there is no moment between the charge and the queue. See `push` in `limits.lua`.
struct JobPush: Sendable {
    let keys: [String]
    let arguments: [any RedisArgument]

    /// The script leaves the job to its caller.
    static let none = JobPush(keys: ["sms:queue:", "sms:queue:"], arguments: ["", ""])

    /// A task that is ready to be pushed.
    ///
    /// - Parameters:
    ///   - task: What to run.
    ///   - arguments: With what.
    ///   - id: The task's id; nil: a new one.
    ///   - producer: Whose queue it goes to.
    ///   - database: The queue's; nil: it is another server's, and the script leaves the job to its caller.
    init<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, id: TaskID?, by producer: TaskProducer,
        into database: Int?
    ) throws {
        guard let database else {
            self = .none
            return
        }
        let job = try producer.prepare(task, arguments, id: id)
        keys = [job.list, job.statistics]
        self.arguments = [database, job.message]
    }

    private init(keys: [String], arguments: [any RedisArgument]) {
        self.keys = keys
        self.arguments = arguments
    }
}
