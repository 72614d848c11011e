internal import RedisClient
internal import TaskQueue

/// A job that a script of the store puts on its queue itself, as its last step: where the broker is a database of the
/// store's server. So there is no moment between the charge and the queue. See `push` in `limits.lua`.
struct JobPush: Sendable {
    let keys: [String]
    let arguments: [any RedisArgument]

    /// The script leaves the job to its caller.
    static let none = JobPush(keys: ["sms:queue:", "sms:queue:"], arguments: ["", ""])

    /// - Parameters:
    ///   - job: What is to be pushed.
    ///   - database: The queue's.
    init(_ job: PreparedTask, database: Int) {
        keys = [job.list, job.statistics]
        arguments = [database, job.message]
    }

    private init(keys: [String], arguments: [any RedisArgument]) {
        self.keys = keys
        self.arguments = arguments
    }
}
