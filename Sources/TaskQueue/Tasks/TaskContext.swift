/// What a running task knows of itself.
public struct TaskContext: Sendable {
    /// The message that it was called by.
    public let message: TaskMessage
    /// The queue that it came from.
    public let queue: String

    /// The task's id.
    public var id: TaskID { TaskID(message.id) }
    /// How many times it was retried before.
    public var retries: Int { message.retries }
    /// Which attempt it is, from 0, counting those before it was put back from the dead letters. One that is put back since
    /// nobody knows how its last attempt has ended keeps the number of that one: whoever recognises attempts by it, such
    /// as a gateway, sees a repetition.
    public var attempt: Int { message.earlierAttempts + message.retries }
    /// Its time is over then; nil: never.
    public var expires: WireTime? { message.expires }
    /// The broker's time now, by which tasks expire, as far as this worker knows it.
    public var now: WireTime { clock.now }

    private let clock: ServerClock
    private let fence: @Sendable () async throws -> Void

    init(
        message: TaskMessage, queue: String, clock: ServerClock = ServerClock(),
        fence: @escaping @Sendable () async throws -> Void
    ) {
        self.message = message
        self.queue = queue
        self.clock = clock
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
