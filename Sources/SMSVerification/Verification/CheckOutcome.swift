/// What came of a code.
public enum CheckOutcome: Sendable, Equatable {
    /// It is the code. It is used up.
    case verified
    /// It is not. So many tries are left.
    case wrong(attemptsLeft: Int)
    /// There is no such verification of that number and client, or no longer: expired, used or tried too often.
    case ended
}

extension CheckOutcome {
    /// For logs and metrics.
    var label: String {
        switch self {
        case .verified: "verified"
        case .wrong: "wrong"
        case .ended: "ended"
        }
    }
}
