/// What the receiver's statuses and codes mean for a message.
///
/// Codes are the receiver's own. One that is a word of ``SendReason`` is taken for the reason: `throttled` with the
/// code `number` says that the limit is the number's, so that no other provider is tried.
enum SignedWebhookCodes {
    /// For answers that are no success.
    static func outcome(of reply: GatewayReply) -> SendOutcome {
        switch reply.status {
        case 409: .accepted  // a repetition: this task was done already
        case 410: .badConfiguration(.gone)
        case 401, 403: .badConfiguration(.auth)
        case 300..<400, 400, 404, 405, 413, 415, 422: .badConfiguration(.param)
        case 425, 429: .throttled(.rate, retryAfter: reply.retryAfter)
        case 503: .retry(.internal)
        case 500...: .unknown(.internal)
        default: .unknown(.ambiguous)
        }
    }

    static func badNumber(_ code: String?) -> SendReason {
        reason(code, among: [.blocked, .fraud]) ?? .number
    }

    static func badConfiguration(_ code: String?) -> SendReason {
        reason(code, among: [.account, .auth, .clock, .content, .funds, .geo, .ip, .price, .signature, .template])
            ?? .param
    }

    static func throttled(_ code: String?) -> SendReason {
        reason(code, among: [.number, .quota]) ?? .rate
    }

    private static func reason(_ code: String?, among reasons: [SendReason]) -> SendReason? {
        reasons.first { $0.rawValue == code }
    }
}
