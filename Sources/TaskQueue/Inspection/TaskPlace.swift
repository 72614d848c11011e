/// Where a message was found, with what it says of itself.
public struct TaskPlace: Sendable, Codable, Hashable {
    /// The places that a message can be in.
    public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
        /// On one of the waiting lists.
        case waiting
        /// On its way to a worker that was idle.
        case arriving
        /// A worker has taken it and not ended it.
        case claimed
        /// Until its time has come: a retry, or a task with a later time.
        case scheduled
        /// In the line of its task, whose limits do not let it start.
        case limited
        /// Among the dead letters.
        case dead
    }

    /// What kind of place.
    public var kind: Kind
    /// The Redis key.
    public var key: String
    /// The message.
    public var task: QueuedTask
    /// Of a waiting one: how many are taken before it; of a scheduled one: how many are due before it.
    public var ahead: Int?
    /// Of a scheduled one: when it is due, ISO 8601.
    public var due: String?
    /// Who holds it, or holds it no more because it died there.
    public var worker: String?
    /// Under which number the worker holds it.
    public var claim: Int?
    /// Of a claimed one: since when the worker has been seen to hold it, ISO 8601: at most two seconds longer. Nil when it
    /// has only just been taken.
    public var heldSince: String?
    /// Of a claimed one: the attempt that has passed the fence, so that it may have had its effect.
    public var attemptSent: Int?
    /// Of a claimed one: whether its worker was heard of within its lease.
    public var isWorkerAlive: Bool?
    /// Of a dead letter: why and when.
    public var letter: DeadLetter?
}

extension TaskPlace {
    /// Where a message lies that a worker holds.
    public static func held(_ held: HeldTask, by worker: WorkerReport, of queue: String) -> TaskPlace {
        var place = TaskPlace(
            kind: .claimed, key: QueueKeys(queue: queue).claimed(by: worker.name), task: held.task)
        place.worker = worker.name
        place.isWorkerAlive = worker.isAlive
        place.claim = held.claim
        place.heldSince = held.heldSince
        place.attemptSent = held.attemptSent
        return place
    }
}
