internal import Logging
internal import Metrics
internal import RedisClient
internal import SMSProviders
internal import SMSVerification

/// Counts what providers say of messages, and writes it down, for those who sent them and for statistics.
struct AnswerRecorder: Sendable {
    let records: DeliveryRecords?
    let clocks: GatewayClocks
    let unlisted: UnlistedCodes
    let logger: Logger

    /// - Parameter records: Nil: nothing is written down.
    init(records: DeliveryRecords?, clocks: GatewayClocks, logger: Logger) {
        (self.records, self.clocks, self.logger) = (records, clocks, logger)
        unlisted = UnlistedCodes(logger: logger)
    }

    /// Notes an answer. A failure to write is logged and counted; the job goes on.
    func note(_ answer: ProviderChain.Answer) async {
        count(answer)
        clocks.note(answer.result.clockOffset, of: answer.provider)
        unlisted.note(answer.result, of: answer.provider)
        if let opened = answer.opened {
            logger.error("no messages go through \(opened) for now: \(answer.result.detail)")
        }
        guard let records, let mobile = MobileNumber(canonical: answer.message.mobile) else { return }
        let outcome = answer.result.outcome
        var attempt = DeliveryAttempt(
            jobID: answer.message.taskID, mobile: mobile, provider: answer.provider, state: outcome.messageState)
        attempt.reference = answer.result.messageID
        attempt.reason = outcome.reason.map { "\(outcome.label) \($0.rawValue)" } ?? ""
        attempt.isPrivate = outcome.tellsOfOthers
        attempt.wasCalled = false
        if case .call(let duration) = answer.source { (attempt.wasCalled, attempt.duration) = (true, duration) }
        await write(attempt, to: records)
    }

    private func count(_ answer: ProviderChain.Answer) {
        let (provider, outcome) = (("provider", answer.provider), answer.result.outcome)
        switch answer.source {
        case .call(let duration):
            Counter(
                label: "sms.sends",
                dimensions: [provider, ("outcome", outcome.label), ("reason", outcome.reason?.rawValue ?? "")]
            ).increment()
            guard outcome == .accepted else { return }
            Timer(label: "sms.acceptance.duration", dimensions: [provider]).record(duration: duration)
        case .inquiry: Counter(label: "sms.queries", dimensions: [provider, ("outcome", outcome.label)]).increment()
        // Counted where it is remembered.
        case .memory: break
        }
    }

    /// In a task of its own: the end of the job's time does not stop it, since the message is out.
    private func write(_ attempt: DeliveryAttempt, to records: DeliveryRecords) async {
        await Task(executorPreference: RedisEventLoop.shared) {
            do {
                try await records.record(attempt)
            } catch {
                logger.warning(
                    "what \(attempt.provider) answered to task \(attempt.jobID) is not written down: \(error)")
                Counter(label: "sms.records.failed").increment()
            }
        }.value
    }
}

extension SendOutcome {
    /// What is known of the message; nil: it was not sent, and may be tried again.
    fileprivate var messageState: MessageState? {
        switch self {
        case .accepted: .accepted
        case .throttled(.number, _), .badNumber: .failed
        case .retry, .throttled, .badConfiguration: nil
        case .unknown: .unknown
        }
    }

    /// It comes from what others did to the number, or what somebody thinks of it.
    fileprivate var tellsOfOthers: Bool {
        switch self {
        case .throttled(.number, _), .badNumber(.blocked), .badNumber(.fraud): true
        default: false
        }
    }
}
