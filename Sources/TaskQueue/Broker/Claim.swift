/// A message that a worker has taken, under the number that it is settled by.
struct Claim: Sendable {
    let number: String
    let message: [UInt8]
}

/// What came of an attempt to take messages.
enum ClaimResult: Sendable {
    /// These, possibly none.
    case claimed([Claim])
    /// The queue is paused.
    case paused
    /// The worker's lease has run out: renew it first.
    case leaseLost
}

/// How a claim ends when the message goes for good; the name of its counter.
enum Settlement: String, Sendable {
    case succeeded
    case expired
    /// In at-most-once mode a message is let go before it is run.
    case acknowledgedEarly = "acknowledged_early"
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

    /// As it is kept in Redis.
    func encoded() -> [UInt8] {
        var object = JSONObjectWriter()
        object.add("reason", reason)
        object.add("message", message)
        object.add("task", task)
        object.add("id", taskID)
        object.add("attempts", attempts)
        object.add("worker", worker)
        object.add("time", time.text)
        return object.finished()
    }
}
