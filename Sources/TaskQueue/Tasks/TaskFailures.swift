/// Thrown by a task: it could not do its work now, try again later.
public struct TaskRetry: Error, Sendable, CustomStringConvertible {
    /// Why, for logs and dead letters. Nothing confidential.
    public var reason: String
    /// How long to wait; nil: the task's back-off.
    public var after: Duration?
    /// False: it was not tried at all, as it has to wait for something else. Then it may wait again as often as need be,
    /// until it expires.
    public var isCounted = true
    /// One word for metrics, such as `unreachable`: one of a few, never anything of the task's arguments. `unknown`:
    /// nobody knows whether the attempt had its effect; all others say that it had none.
    public var cause: String

    /// Asks for a retry.
    public init(_ reason: String, after: Duration? = nil, cause: String = "asked") {
        self.reason = reason
        self.after = after
        self.cause = cause
    }

    /// Asks for more time, which does not count as a retry.
    public static func waiting(_ reason: String, for time: Duration) -> TaskRetry {
        var retry = TaskRetry(reason, after: time)
        retry.isCounted = false
        return retry
    }

    public var description: String { reason }
}

/// Thrown by a task: it will never work, put it into the dead letters.
public struct TaskRejection: Error, Sendable, CustomStringConvertible {
    /// One word for lists and metrics, such as `bad_number`.
    public var reason: String
    /// One sentence for people. Nothing confidential.
    public var message: String

    /// Rejects the task for good.
    public init(_ reason: String, _ message: String) {
        self.reason = reason
        self.message = message
    }

    public var description: String { "\(reason): \(message)" }
}

/// Thrown by ``TaskContext/confirmClaim()``: another worker has the task now. Let it pass through.
public struct ClaimLost: Error, Sendable {}

/// Thrown by ``TaskContext/confirmClaim()``: the task's time is over. Let it pass through. A task may throw it too, when it
/// finds that it is too late for its purpose.
public struct TaskExpired: Error, Sendable {
    /// It is too late.
    public init() {}
}

/// Thrown by a task: nobody knows whether it had its effect, so a person must decide. The message goes to the dead
/// letters with the reason `unknown` and is not retried by itself.
public struct TaskHold: Error, Sendable, CustomStringConvertible {
    /// Why, for logs and dead letters. Nothing confidential.
    public var reason: String

    /// Holds the task for a person.
    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
