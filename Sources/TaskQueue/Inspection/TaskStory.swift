/// All that is known of one task: where it is, what happened to it, and why it does not go on.
public struct TaskStory: Sendable, Codable, Hashable {
    /// The task's id.
    public var id: String
    /// Where its message lies; nil when it has ended and left a result.
    public var place: TaskPlace?
    /// What happened to it so far, as far as its message tells, in sentences.
    public var history: [String] = []
    /// Why it does not run at this moment, the strongest reason first; empty when it does.
    public var reasons: [WaitReason] = []
    /// What a result backend says of it.
    public var result: StoredResult?
}

/// What a result backend says of a task.
public struct StoredResult: Sendable, Codable, Hashable {
    /// Celery's word: `SUCCESS`, `FAILURE`, `RETRY`, `STARTED`, `REVOKED`.
    public var status: String
    /// When the task ended, as it was written.
    public var time: String?
    /// The error that it ended with or is retried after, its type first; what could be a phone number is masked unless
    /// somebody asked for it.
    public var error: String?

    /// Nothing more comes of the task.
    public var isFinal: Bool { ResultDocument.Status(rawValue: status)?.isFinal ?? false }
}

/// Why a task does not run at this moment.
public struct WaitReason: Sendable, Codable, Hashable {
    /// The kinds of reasons.
    public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
        /// The queue is paused.
        case paused
        /// No worker of the queue is alive.
        case noWorker = "no-worker"
        /// Others are taken before it.
        case line
        /// Its time has not come.
        case scheduled
        /// As many tasks of its name have started as may in this time.
        case rate
        /// As many tasks of its name run as may at once.
        case concurrency
        /// What it needs is left alone for now, since it did not work.
        case breaker
        /// Its worker is gone; another one takes over soon.
        case takeover
        /// It is dropped by whoever takes it next, since its time is over.
        case expired
        /// No worker can run it.
        case unreadable
        /// It failed for good.
        case dead
    }

    /// What kind of reason.
    public var kind: Kind
    /// One sentence.
    public var text: String

    /// A reason in words.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
