internal import DequeModule
internal import FoundationEssentials
internal import Synchronization

/// Which calls were accepted in the last 24 hours, so that none of them sends twice.
///
/// A refused call is not remembered: it sent nothing, and repeated it may fare better.
final class SignedWebhookMemory: Sendable {
    struct Answer {
        var messageID: String
        /// Of the message that was sent now; nil if that was done before.
        var receipt: GatewayDelivery.Receipt?
    }

    private struct State {
        var messageIDs: [String: String] = [:]
        var order: Deque<(id: String, until: Date)> = []
    }

    private static let span: TimeInterval = 24 * 3600
    private let state = Mutex(State())

    /// What the call with this id was answered, or is answered now that its message is sent.
    ///
    /// Calls that come at the same time wait for each other. A message that was lost is not remembered either.
    ///
    /// - Parameter send: Sends the message unless it is to be lost.
    func answer(
        to id: String, at now: Date,
        send: () throws(SignedWebhookFault) -> GatewayDelivery.Receipt
    ) throws(SignedWebhookFault) -> Answer {
        try state.withLock { state throws(SignedWebhookFault) in
            while let first = state.order.first, first.until <= now {
                state.order.removeFirst()
                state.messageIDs[first.id] = nil
            }
            if let known = state.messageIDs[id] { return Answer(messageID: known) }
            let receipt = try send()
            let messageID = receipt.message.messageID
            if receipt.inboxID != nil {
                state.messageIDs[id] = messageID
                state.order.append((id, now + Self.span))
            }
            return Answer(messageID: messageID, receipt: receipt)
        }
    }

    func reset() {
        state.withLock { $0 = State() }
    }
}
