internal import RedisClient

/// What a running task knows of itself.
public struct TaskContext: Sendable {
    /// The task's id.
    public let id: TaskID
    /// How many times it was retried before.
    public let retries: Int
    /// Its time is over then; nil: never.
    public let expires: WireTime?

    private let fence: @Sendable () async throws -> Void

    init(message: TaskMessage, fence: @escaping @Sendable () async throws -> Void) {
        id = TaskID(message.id)
        retries = message.retries
        expires = message.expires
        self.fence = fence
    }

    /// To be called immediately before what cannot be taken back, such as sending a message: makes sure that no other
    /// worker has taken over in the meantime and that the task has not expired, and records that the attempt goes out.
    ///
    /// While the broker cannot be reached it waits.
    ///
    /// - Throws: ``ClaimLost`` or ``TaskExpired``: do nothing, let it pass through. `CancellationError`.
    public func confirmClaim() async throws {
        try await fence()
    }
}
