/// A verification that has begun, or goes on with the same code.
public struct StartedVerification: Sendable, Equatable {
    /// Which one.
    public let id: VerificationID
    /// How long the code is good.
    public let expiresIn: Duration
    /// How long the caller has to wait before it may ask for another message.
    public let resendAfter: Duration
}

/// What came of a request for a code.
public enum StartOutcome: Sendable, Equatable {
    /// The job is on the broker's list, or the number is one that gets no message now for reasons that are no business of
    /// the caller.
    case started(StartedVerification)
    /// The proof is wrong, too old, used or another client's.
    case proofRefused
    /// More proof is needed: a picture and work, of the difficulty that belongs to this pressure.
    case proofRequired(pressure: Int)
    /// The caller itself asked a moment ago; a page that has forgotten it goes on with that verification.
    case tooSoon(retryAfter: Duration, VerificationID?)
    /// A limit that is not about what others did to this number.
    case limited(retryAfter: Duration)
    /// The idempotency key was used for another request.
    case idempotencyConflict
    /// There is no such verification to send the code of again.
    case ended
}

extension StartOutcome {
    /// For logs and metrics.
    var label: String {
        switch self {
        case .started: "sent"
        case .proofRefused: "proof-refused"
        case .proofRequired: "proof-required"
        case .tooSoon: "too-soon"
        case .limited: "limited"
        case .idempotencyConflict: "idempotency-conflict"
        case .ended: "ended"
        }
    }
}
