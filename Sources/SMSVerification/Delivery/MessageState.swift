/// What is known of a message, from least to most. A state only ever rises: whatever is told late, again or in another
/// order, the state is in the end the highest that was told.
///
/// `failed` is below `delivered`: of a message that was sent twice, since nobody knew whether the first had left, one
/// that arrives is enough.
public enum MessageState: String, Sendable, CaseIterable, Comparable {
    /// It waits for a worker, or for another try.
    case queued
    /// A gateway was called, or may have been, and nobody knows whether it took the message.
    case unknown
    /// A gateway took it.
    case accepted
    /// A gateway refused the number, or reports that the message could not be delivered; or its job has ended, too late
    /// or given up, before any gateway took it.
    case failed
    /// A gateway reports that it has reached the phone.
    case delivered

    /// The place in that order, from 0.
    var rank: Int {
        switch self {
        case .queued: 0
        case .unknown: 1
        case .accepted: 2
        case .failed: 3
        case .delivered: 4
        }
    }

    public static func < (one: MessageState, other: MessageState) -> Bool { one.rank < other.rank }
}
