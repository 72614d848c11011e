internal import NIOCore

/// A gateway's answer, not yet understood.
struct GatewayReply: Sendable {
    let status: Int
    /// What `Retry-After` asks for (RFC 9110, section 10.2.3), if it is given in seconds.
    let retryAfter: Duration?
    let body: ByteBuffer
    /// How far the clock of this machine is ahead of the gateway's; nil when the answer does not tell.
    var clockOffset: Duration?

    /// Reads the seconds of a `Retry-After` field, at most one day; nil for the form with a date.
    static func delay(_ field: String) -> Duration? {
        guard let seconds = UInt32(field) else { return nil }
        return .seconds(min(seconds, 86_400))
    }

    /// What an answer means whose body cannot be understood: only then does the HTTP status speak.
    var resultByStatus: SendResult {
        let outcome = outcomeByStatus
        return SendResult(
            outcome, retryAfter: outcome == .retry(.internal) ? retryAfter : nil,
            detail: "HTTP \(status) with an answer that could not be understood")
    }

    private var outcomeByStatus: SendOutcome {
        switch status {
        case 401, 403: .badConfiguration(.auth)
        case 404, 405, 415: .badConfiguration(.param)
        case 429: .throttled(.rate, retryAfter: retryAfter)
        case 500, 502, 504: .unknown(.internal)
        case 503: .retry(.internal)
        default: .unknown(.ambiguous)
        }
    }
}
