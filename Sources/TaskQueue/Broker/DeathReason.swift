/// Why a message is a dead letter, where neither the task nor the message itself is at fault.
enum DeathReason: String {
    /// It came back from too many dead workers.
    case poison
    /// The hard time limit has ended the attempt.
    case timeLimit = "time-limit"
    /// The last attempt has failed.
    case retriesExhausted = "retries-exhausted"
    /// Nobody knows whether an attempt had its effect.
    case unknown
}
