internal import FoundationEssentials
internal import Hummingbird
internal import Logging
internal import NIOCore

/// What all gateways of a sandbox do in the same way: bring about faults, take messages, count.
struct GatewayDelivery: Sendable {
    /// Each vendor limits what it sends itself.
    let provider: Provider
    let inbox: Inbox
    let limiter: NumberLimiter
    let magic: MagicNumbers
    let faults: FaultSwitches
    let reports: DeliveryReports
    let statistics: CallStatistics
    let sent: SentMessages
    let now: @Sendable () -> Date

    /// What a gateway says to a call.
    enum Answer {
        /// The message was taken, or several were.
        case accepted([Receipt], Response)
        /// The answer is that of the call which this one repeats.
        case repeated(Response)
        /// - Parameter code: The vendor's, for the statistics.
        case refused(code: String, message: String, Response)
    }

    /// What became of a message that was not refused.
    struct Receipt: Sendable {
        var message: Submission
        /// Nil if it was lost.
        var inboxID: Int?
        /// What is not as usual with it.
        var fault: SandboxFault?
    }

    /// Answers a call, unless a switch has it otherwise.
    ///
    /// - Parameter look: Looks at the call; it is given the fault that its message meets.
    func answer(
        _ request: Request, _ context: SandboxContext, look: (SandboxFault?) async throws -> Answer
    ) async throws -> Response {
        let met = faults.meet(provider)
        if let met, met.fault?.isMetOnArrival == true {
            statistics.countFault(met.fault)
            await wait(met.latency, context)
            return try await DisturbedAnswer.onArrival(met, request, context)
        }
        let answer = try await look(met?.fault)
        switch answer {
        case .accepted(let receipts, let response):
            let fault = receipts.lazy.compactMap(\.fault).first
            statistics.countAccepted(fault)
            for receipt in receipts where receipt.fault == .reportsOutOfOrder {
                await reports.sendAtOnce(receipt.message, of: provider, inboxID: receipt.inboxID)
            }
            await wait(met?.latency ?? 0, context)
            note(receipts)
            return try await DisturbedAnswer.afterwards(fault, response, context)
        case .repeated(let response):
            statistics.countRepeated()
            await wait(met?.latency ?? 0, context)
            return response
        case .refused(let code, let message, let response):
            statistics.countRejected(code: code, met?.fault)
            context.logger.info("\(provider.rawValue) call refused: \(code) \(message)")
            await wait(met?.latency ?? 0, context)
            return response
        }
    }

    /// Puts the message into the inbox, unless its number or a switch has it otherwise.
    ///
    /// - Throws: The vendor's code if the number has had a message just now, or the message meets a refusal.
    func deliver<Refusal: VendorFault>(
        _ message: Submission, meeting switched: SandboxFault?, at now: Date, refusingWith vendor: Refusal.Type
    ) throws(Refusal) -> Receipt {
        let recipient = "\(provider.rawValue) \(message.mobile)"
        let fault = magic.fault(for: recipient) ?? switched
        if let fault, let refusal = Refusal.refusals[fault] { throw refusal }
        guard fault != .hang else { return Receipt(message: message, fault: fault) }
        guard limiter.admit(recipient, at: now) else { throw Refusal.numberTooOften }
        let inboxID = inbox.deliver(message, through: provider, at: now)
        if let reference = message.reference {
            sent.add(
                SentMessages.Entry(
                    gateway: provider, mobile: message.mobile, reference: reference, messageID: message.messageID,
                    sent: now))
        }
        reports.plan(message, of: provider, inboxID: inboxID, fault: fault)
        return Receipt(message: message, inboxID: inboxID, fault: fault)
    }

    private func note(_ receipts: [Receipt]) {
        for receipt in receipts {
            guard let inboxID = receipt.inboxID else { continue }
            let isHidden = receipt.fault?.hidesAcceptance == true
            inbox.note(
                InboxMessage.Event(
                    isHidden ? .unanswered : .accepted, at: now(), detail: isHidden ? receipt.fault?.rawValue : nil),
                of: inboxID)
        }
    }

    private func wait(_ milliseconds: Int, _ context: SandboxContext) async {
        if milliseconds > 0 { await context.channel.eventLoop.pause(.milliseconds(Int64(milliseconds))) }
    }
}
