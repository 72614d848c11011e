internal import Logging
internal import Metrics
internal import SMSProviders
internal import SMSVerification

/// A provider whose every answer is written down, so that delivery reports find their message and its state can be read.
///
/// An answer that cannot be written down, since Redis is away, is logged and counted, and changes nothing else.
struct RecordedProvider: SMSProvider {
    private let provider: any SMSProvider
    private let records: DeliveryRecords
    private let logger: Logger

    var name: String { provider.name }

    /// The provider itself when there is nowhere to write.
    static func recording(
        _ provider: any SMSProvider, in records: DeliveryRecords?, logger: Logger
    ) -> any SMSProvider {
        records.map { RecordedProvider(provider: provider, records: $0, logger: logger) } ?? provider
    }

    func send(_ message: OutgoingMessage) async -> SendResult {
        let start = ContinuousClock.now
        let result = await provider.send(message)
        let duration = ContinuousClock.now - start
        guard let mobile = MobileNumber(canonical: message.mobile) else { return result }
        var attempt = DeliveryAttempt(
            jobID: message.taskID, mobile: mobile, provider: name, state: result.outcome.messageState)
        attempt.reference = result.messageID
        attempt.reason = result.outcome.reason.map { "\(result.outcome.label) \($0.rawValue)" } ?? ""
        attempt.isPrivate = result.outcome.tellsOfOthers
        attempt.duration = duration
        await write(attempt)
        return result
    }

    /// In a task of its own: the end of the job's time does not stop it, since the message is out.
    private func write(_ attempt: DeliveryAttempt) async {
        await Task {
            do {
                try await records.record(attempt)
            } catch {
                logger.warning("what \(name) answered to task \(attempt.jobID) is not written down: \(error)")
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
