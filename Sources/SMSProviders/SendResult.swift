/// What became of one call to a gateway.
public struct SendResult: Sendable, Equatable {
    /// What is known about the message.
    public var outcome: SendOutcome
    /// The vendor's own code, such as `160038`, when the answer held one.
    public var vendorCode: String?
    /// The gateway's identifier of the accepted message; delivery reports refer to it.
    public var messageID: String?
    /// How long the gateway asks to wait before the message is tried again, if it says so with ``SendOutcome/retry(_:)``.
    public var retryAfter: Duration?
    /// One line for logs. It never holds a verification code, a number, a credential or anything that was sent.
    public var detail: String
    /// How far the clock of this machine is ahead of the gateway's, by the `Date` of its answer, which names whole
    /// seconds; negative: behind. Nil when no answer told.
    public var clockOffset: Duration?

    /// Makes a result.
    public init(
        _ outcome: SendOutcome, vendorCode: String? = nil, messageID: String? = nil, retryAfter: Duration? = nil,
        detail: String
    ) {
        self.outcome = outcome
        self.vendorCode = vendorCode
        self.messageID = messageID
        self.retryAfter = retryAfter
        self.detail = detail
    }
}

/// What is known about a message after one call, in the same words for every vendor.
public enum SendOutcome: Sendable, Equatable {
    /// The gateway took the message.
    case accepted
    /// A temporary fault. The message was certainly not sent: the same or another provider may be tried.
    case retry(SendReason)
    /// A limit was hit. With the reason ``SendReason/number`` the limit protects the person behind the number, so that
    /// no other provider may be tried either. `retryAfter` is how long the gateway asks to wait, if it says so.
    case throttled(SendReason, retryAfter: Duration?)
    /// The number cannot or must not receive messages. Never to be tried again.
    case badNumber(SendReason)
    /// Our account, credentials, template or request is at fault. An operator has to act.
    case badConfiguration(SendReason)
    /// The message may or may not have been sent. Whoever sends again must send the same code.
    case unknown(SendReason)
}

extension SendOutcome {
    /// The outcome of that ``label`` and ``reason``; nil when there is none: only what was accepted has no reason.
    public init?(label: String, reason: SendReason?) {
        switch (label, reason) {
        case ("ok", nil): self = .accepted
        case ("retry", let reason?): self = .retry(reason)
        case ("throttled", let reason?): self = .throttled(reason, retryAfter: nil)
        case ("bad_number", let reason?): self = .badNumber(reason)
        case ("bad_config", let reason?): self = .badConfiguration(reason)
        case ("unknown", let reason?): self = .unknown(reason)
        default: return nil
        }
    }

    /// Why the message was not accepted, or nil when it was.
    public var reason: SendReason? {
        switch self {
        case .accepted: nil
        case .retry(let reason), .throttled(let reason, _), .badNumber(let reason), .badConfiguration(let reason),
            .unknown(let reason):
            reason
        }
    }

    /// The outcome's word for logs and metric labels: `ok`, `retry`, `throttled`, `bad_number`, `bad_config` or
    /// `unknown`.
    public var label: String {
        switch self {
        case .accepted: "ok"
        case .retry: "retry"
        case .throttled: "throttled"
        case .badNumber: "bad_number"
        case .badConfiguration: "bad_config"
        case .unknown: "unknown"
        }
    }
}
