public import RedisClient

/// A task that is ready to be sent, for a script of the application's own that pushes it in the same atomic step in which
/// it does its other writes: then there is no moment at which one is done and the other is not.
///
/// The script has to do what ``TaskProducer`` does: in the queue's database, `LPUSH` ``message`` to ``list``, and, for
/// statistics, `HINCRBY` ``statistics`` `enqueued 1`. A script may change its database with `SELECT`, which lasts until
/// it ends. See ``TaskProducer/database(onServerOf:)``. The task is not sent by being prepared.
public struct PreparedTask: Sendable {
    /// The task's id.
    public let id: TaskID
    /// The key of the list that the message goes to.
    public let list: String
    /// The key of the queue's counters.
    public let statistics: String
    /// The message, in Celery's form.
    public let message: [UInt8]
}

extension TaskProducer {
    /// The queue's database, when it is one of the server that this client speaks to as the same user: a script that the
    /// client runs can push tasks then. Nil when it is not.
    public func database(onServerOf other: RedisClient) -> Int? {
        let (own, others) = (client.configuration.url, other.configuration.url)
        return own.isSameServer(as: others) ? own.database : nil
    }

    /// Makes a task ready to be sent, without sending it.
    ///
    /// - Parameters:
    ///   - task: What to run.
    ///   - arguments: With what.
    ///   - now: The sender's time, from which its expiry counts.
    /// - Throws: `EncodingError` or ``ArgumentWithoutPlace`` for the arguments.
    public func prepare<Arguments, Result>(
        _ task: TaskDefinition<Arguments, Result>, _ arguments: Arguments, now: WireTime = .now
    ) throws -> PreparedTask {
        let outgoing = passed(try OutgoingTask(task, arguments, to: task.options.queue ?? queue, now: now))
        return PreparedTask(
            id: outgoing.id, list: outgoing.list, statistics: QueueKeys(queue: outgoing.queue).statistics,
            message: outgoing.encoded())
    }
}
