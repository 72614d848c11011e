/// How a gateway is asked about a message whose call ended without anybody knowing what became of it.
public enum OutcomeQuery: Sendable {
    /// The call is made once more: the gateway recognises it by its identifier, and sends nothing if the first one did.
    case repeatedCall
    /// By an interface of the gateway's own.
    case lookup(any OutcomeLookup)
}

/// A gateway's interface that tells what became of a message.
public protocol OutcomeLookup: Sendable {
    /// Asks the gateway about a message.
    ///
    /// - Parameters:
    ///   - message: As it was handed over, with the same task and attempt.
    ///   - sent: When the call was made, in seconds since 1970-01-01 00:00 UTC.
    /// - Returns: ``SendOutcome/accepted`` when the gateway has the message; ``SendOutcome/unknown(_:)`` when it is as
    ///   unclear as before, also because the query failed; any other outcome says why the message was not sent, or why it
    ///   did not arrive.
    func outcome(of message: OutgoingMessage, sentAt sent: Int) async -> SendResult
}

extension SMSProvider {
    /// Most gateways cannot be asked.
    public var outcomeQuery: OutcomeQuery? { nil }
}

extension SendResult {
    /// What the answer to a repeated call says of the first one: that the repetition came to nothing says nothing.
    var ofFirstCall: SendResult {
        var result = self
        switch outcome {
        case .accepted, .badNumber, .unknown, .retry(.expired): break
        case .retry(let reason), .throttled(let reason, _), .badConfiguration(let reason):
            result.outcome = .unknown(reason)
        }
        return result
    }
}
