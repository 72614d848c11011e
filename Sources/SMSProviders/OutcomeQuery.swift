/// Finds out what became of a message whose call ended without anybody knowing.
public protocol OutcomeQuery: Sendable {
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
    public var outcomeQuery: (any OutcomeQuery)? { nil }
}

/// The query of gateways that recognise a repeated call by its identifier: the call is made once more, and sends nothing
/// if the first one did.
struct RepeatedCall: OutcomeQuery {
    let provider: any SMSProvider

    func outcome(of message: OutgoingMessage, sentAt sent: Int) async -> SendResult {
        var result = await provider.send(message)
        switch result.outcome {
        case .accepted, .badNumber, .unknown, .retry(.expired): break
        // That the repetition came to nothing says nothing about the first call.
        case .retry(let reason), .throttled(let reason, _), .badConfiguration(let reason):
            result.outcome = .unknown(reason)
        }
        return result
    }
}
