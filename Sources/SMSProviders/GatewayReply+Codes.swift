extension GatewayReply {
    /// What a vendor's code means, for vendors whose HTTP status speaks as well.
    ///
    /// The status decides only where the code is not in the table, so that a vendor's new code for a refusal is not
    /// taken for a message that may have been sent.
    ///
    /// - Parameter messageID: The identifier of the message if it was taken.
    func result(code: String, in codes: GatewayCodes, messageID: String? = nil) -> SendResult {
        let (outcome, words) = codes.meaning(of: code)
        return SendResult(
            adjusted(outcome), vendorCode: code, messageID: outcome == .accepted ? messageID : nil,
            detail: "\(code) \(words)")
    }

    private func adjusted(_ outcome: SendOutcome) -> SendOutcome {
        if case .throttled(let reason, nil) = outcome { return .throttled(reason, retryAfter: retryAfter) }
        guard outcome.reason == .unlisted else { return outcome }
        return switch status {
        case 401, 403: .badConfiguration(.unlisted)
        case 429: .throttled(.rate, retryAfter: retryAfter)
        case 500...: .unknown(.unlisted)
        default: outcome
        }
    }
}
