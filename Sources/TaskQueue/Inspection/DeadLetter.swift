/// A message that failed for good, as far as a person needs it; nothing of its arguments.
public struct DeadLetter: Sendable, Codable, Hashable {
    /// The dead letter's own id, by which it is retried and deleted.
    public var id: String
    /// The reason's word.
    public var reason: String
    /// One sentence.
    public var message: String
    /// The task's name, where it could be read.
    public var task: String?
    /// The task's id, where it could be read.
    public var taskID: String?
    /// How many attempts were made.
    public var attempts: Int
    /// Which worker gave it up.
    public var worker: String
    /// When, ISO 8601.
    public var time: String
    /// When its last attempt started, ISO 8601; nil when there was none.
    public var started: String?

    init(id: String, details: [UInt8]) {
        let json = try? JSONText(details)
        self.id = id
        reason = json?["reason"]?.string ?? "?"
        message = json?["message"]?.string ?? ""
        task = json?["task"]?.string
        taskID = json?["id"]?.string
        attempts = json?["attempts"]?.integer ?? 0
        worker = json?["worker"]?.string ?? ""
        time = json?["time"]?.string ?? ""
        started = json?["started"]?.string
    }
}

/// A dead letter with what its message says of itself; nothing of its arguments.
public struct DeadLetterDetails: Sendable, Codable, Hashable {
    /// Why and when it died.
    public var letter: DeadLetter
    /// The message's headers, nil when they cannot be read.
    public var headers: MessageHeaders?
    /// How many bytes the message has.
    public var size: Int
    /// Its time is over: it is not put back.
    public var isExpired: Bool
}

/// The headers of a message that may be shown to people: those that hold nothing of its arguments. Each is nil where the
/// message has none of the right kind.
public struct MessageHeaders: Sendable, Codable, Hashable {
    /// The task's name.
    public var task: String?
    /// The task's id.
    public var id: String?
    /// How many times it was retried.
    public var retries: Int?
    /// It must not run before, as it was written.
    public var eta: String?
    /// It must not run after, as it was written.
    public var expires: String?
    /// 0, the most urgent, to 9.
    public var priority: Int?
    /// Who sent it.
    public var origin: String?
    /// How often it came back from a worker that died.
    public var redeliveries: Int?
}
