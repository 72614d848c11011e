internal import Logging
internal import Metrics
internal import SMSProviders
internal import SMSVerification
internal import TaskQueue

/// Runs `ccp_send_sms_code`: hands one code to the gateway and turns what it says into the task's end.
struct CodeDelivery: Sendable {
    /// What an operator has to mend takes minutes: trying every second would only fill the log and the gateway's books.
    private static let pauseForOperator = Duration.seconds(10)

    let provider: any SMSProvider
    let policy: VerificationPolicy
    let logger: Logger

    /// Sends one code.
    ///
    /// - Returns: 0, as the tutorial's task does.
    /// - Throws: ``TaskRetry`` or ``TaskRejection``, as the gateway's answer asks for.
    func send(_ arguments: SendCodeArguments, _ context: TaskContext) async throws -> Int {
        guard let mobile = MobileNumber(canonical: arguments.mobile) else {
            throw TaskRejection(
                "bad_number", "this is no mobile number: 11 digits of the mainland, 1[3-9]…, or + and a country's")
        }
        guard let code = OneTimeCode(arguments.code) else {
            throw TaskRejection("arguments", "the code is not four to six digits")
        }
        let message = OutgoingMessage(
            mobile: mobile.canonical, code: code.digits, validMinutes: policy.codeMinutes, taskID: context.id.text)
        try await context.confirmClaim()
        let result = await provider.send(message)
        count(result)
        return try end(result, mobile)
    }

    private func end(_ result: SendResult, _ mobile: MobileNumber) throws -> Int {
        let detail = "\(provider.name): \(result.detail)"
        switch result.outcome {
        case .accepted:
            logger.debug("\(provider.name) accepted the message to \(mobile)")
            return 0
        case .retry, .unknown:
            throw TaskRetry(detail)
        case .throttled(.number, _):
            // The limit protects the person behind the number: not again, and not by another gateway.
            throw TaskRejection("throttled", detail)
        case .throttled(_, let retryAfter):
            throw TaskRetry(detail, after: retryAfter)
        case .badNumber:
            throw TaskRejection("bad_number", detail)
        case .badConfiguration:
            logger.error("\(detail): an operator has to act; the message is tried again until its code expires")
            throw TaskRetry(detail, after: Self.pauseForOperator)
        }
    }

    private func count(_ result: SendResult) {
        Counter(
            label: "sms.sends",
            dimensions: [
                ("provider", provider.name), ("outcome", result.outcome.label),
                ("reason", result.outcome.reason?.rawValue ?? ""),
            ]
        ).increment()
    }
}
