/// A gateway that carries one text message to one phone.
///
/// An implementation never throws and never retries: it makes one call and says, in words that are the same for every
/// vendor, what is known about the outcome. What follows from it (again, later, elsewhere, never) is the caller's
/// decision.
public protocol SMSProvider: Sendable {
    /// The provider's name in settings, logs and metric labels, such as `yuntongxun`.
    var name: String { get }

    /// Hands one message to the gateway and reports what became of it.
    ///
    /// Cancelling the task ends the call early. The result still tells whether the message may have been sent.
    func send(_ message: OutgoingMessage) async -> SendResult

    /// How the gateway is asked about a message whose outcome nobody knows; nil: it cannot be asked.
    var outcomeQuery: OutcomeQuery? { get }
}
