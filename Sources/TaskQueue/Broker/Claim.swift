/// A message that a worker has taken, under the number that it is settled by.
struct Claim: Sendable {
    let number: Int
    let message: [UInt8]
    /// The task from whose line it comes: its limits have let it start, and a place was taken for it.
    var admittedTask: String?

    /// An attempt had passed the fence before, under the same claim.
    var wasSent = false

    var isAdmitted: Bool { admittedTask != nil }
}

/// What came of an attempt to take messages.
enum ClaimResult: Sendable {
    /// These, and how many of them each line gave that was asked.
    case claimed([Claim], fromLines: [Int])
    /// The queue is paused.
    case paused
    /// The worker's lease has run out: renew it first.
    case leaseLost
}

/// How much a worker may take from the line of one task with limits.
struct LineRequest: Sendable {
    var task: String
    var rate: RateLimit?
    /// How many at most.
    var room: Int
}

/// Whether a task with limits may start.
enum Admission: Sendable {
    case admitted
    /// Its message waits in the task's line now.
    case movedToLine
    /// The message was no longer the worker's own.
    case claimLost
}

/// What the send fence says.
enum FenceAnswer: Sendable {
    /// The attempt is recorded: it may go out.
    case passed
    /// The message was no longer the worker's own.
    case claimLost
    /// The message has expired, by the server's clock.
    case expired
}

/// What came of ending a claim together with what follows it.
enum Finish: Sendable {
    case finished
    /// The message was no longer the worker's own.
    case claimLost
    /// Something would have to go to a key that holds no list. Nothing was done.
    case noList
}

/// How a claim ends when the message goes for good; the name of its counter.
enum Settlement: String, Sendable {
    case succeeded
    case expired
    /// In at-most-once mode a message is let go before it is run.
    case acknowledgedEarly = "acknowledged_early"
}

/// A message that follows from a task's end, and the list that it goes to.
struct FollowingMessage: Sendable {
    let list: String
    let message: [UInt8]

    init(_ task: OutgoingTask) {
        list = task.list
        message = task.encoded()
    }
}

/// When there is something to do next; nil: never, as things stand.
struct Upcoming: Sendable {
    /// A scheduled message is due.
    var due: Duration?
    /// A task that waits for its limits may start.
    var start: Duration?
    /// The tasks with a line.
    var tasksWithLine: Set<String> = []
}

/// What is known of a dead letter, beside its message.
struct DeathReport: Sendable {
    var reason: String
    var message: String
    var task: String?
    var taskID: String?
    var attempts: Int
    var worker: String
    var time: WireTime
    /// When the last attempt started.
    var started: WireTime?

    /// As it is kept in Redis.
    func encoded() -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("reason", reason)
        object.add("message", message)
        object.add("task", task)
        object.add("id", taskID)
        object.add("attempts", attempts)
        object.add("worker", worker)
        if let started { object.add("started", started.text) }
        object.add("time", time.text)
        return object.finished()
    }
}
