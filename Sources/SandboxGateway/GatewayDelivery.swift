internal import FoundationEssentials

/// How every gateway of a sandbox hands over a message that nothing is wrong with.
struct GatewayDelivery: Sendable {
    /// The gateway's name in the inbox. Each vendor limits what it sends itself.
    let gateway: String
    let inbox: Inbox
    let limiter: NumberLimiter
    let magic: MagicNumbers

    /// Puts the message into the inbox, unless its number chooses otherwise.
    ///
    /// - Returns: What becomes of the message; nil if it goes as usual.
    /// - Throws: The vendor's code if the number has had a message just now, or chooses to be refused.
    func deliver<Fault: MagicFault>(
        to mobile: String, text: String, code: String?, messageID: String, at now: Date, refusingWith vendor: Fault.Type
    ) throws(Fault) -> MagicOutcome? {
        let recipient = "\(gateway) \(mobile)"
        let outcome = try magic.outcome(for: recipient, of: vendor)
        if outcome != .silentlyLost {
            guard limiter.admit(recipient, at: now) else { throw Fault.numberTooOften }
            inbox.deliver(
                gateway: gateway, mobile: mobile, text: text, code: code, messageID: messageID, received: now)
        }
        return outcome
    }
}
