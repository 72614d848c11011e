internal import Logging
internal import Metrics
internal import RedisClient
internal import SMSProviders
internal import SMSVerification

/// Writes down what became of messages, for those who sent them and for statistics.
struct AnswerRecorder: Sendable {
    /// Nil: nothing is written down.
    let records: DeliveryRecords?
    let logger: Logger

    /// Notes an answer. A failure to write is logged and counted; the job goes on.
    ///
    /// - Parameter duration: How long the call took; nil: there was none, as the answer was known.
    func note(_ message: OutgoingMessage, _ result: SendResult, of provider: String, duration: Duration?) async {
        if let duration, result.outcome == .accepted {
            Timer(label: "sms.acceptance.duration", dimensions: [("provider", provider)]).record(duration: duration)
        }
        guard let records, let mobile = MobileNumber(canonical: message.mobile) else { return }
        var attempt = DeliveryAttempt(
            jobID: message.taskID, mobile: mobile, provider: provider, state: result.outcome.messageState)
        attempt.reference = result.messageID
        attempt.reason = result.outcome.reason.map { "\(result.outcome.label) \($0.rawValue)" } ?? ""
        attempt.isPrivate = result.outcome.tellsOfOthers
        attempt.duration = duration ?? .zero
        attempt.wasCalled = duration != nil
        await write(attempt, to: records)
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
