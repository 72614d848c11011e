internal import FoundationEssentials

/// How every gateway of a sandbox hands over a message that nothing is wrong with.
struct GatewayDelivery: Sendable {
    /// The gateway's name in the inbox. Each vendor limits what it sends itself.
    let gateway: String
    let inbox: Inbox
    let limiter: NumberLimiter
    let magic: MagicNumbers
    let sent: SentMessages

    /// Puts the message into the inbox, unless its number chooses otherwise.
    ///
    /// - Parameter reference: The caller's own identifier of the message, by which it may ask afterwards.
    /// - Returns: What becomes of the message; nil if it goes as usual.
    /// - Throws: The vendor's code if the number has had a message just now, or chooses to be refused.
    func deliver<Fault: MagicFault>(
        to mobile: String, text: String, code: String?, messageID: String, reference: String? = nil, at now: Date,
        refusingWith vendor: Fault.Type
    ) throws(Fault) -> MagicOutcome? {
        let recipient = "\(gateway) \(mobile)"
        let outcome = try magic.outcome(for: recipient, of: vendor)
        if outcome != .silentlyLost {
            guard limiter.admit(recipient, at: now) else { throw Fault.numberTooOften }
            inbox.deliver(
                gateway: gateway, mobile: mobile, text: text, code: code, messageID: messageID, received: now)
            if let reference {
                sent.add(
                    SentMessages.Entry(
                        gateway: gateway, mobile: mobile, reference: reference, messageID: messageID, sent: now))
            }
        }
        return outcome
    }
}
