internal import Logging
internal import Metrics
internal import SMSProviders
internal import SMSVerification
internal import TaskQueue

/// Runs `ccp_send_sms_code`: hands one code to the gateways and turns what they say into the task's end.
struct CodeDelivery: Sendable {
    /// What an operator has to mend takes minutes: trying every second would only fill the log and the gateway's books.
    private static let pauseForOperator = Duration.seconds(10)
    /// A code that has less to live than this would arrive too late to be typed in.
    private static let shortestUsefulLife = Duration.seconds(10)

    let chain: ProviderChain
    let policy: VerificationPolicy
    let logger: Logger

    init(_ providers: [any SMSProvider], breakers: CircuitBreakers, policy: VerificationPolicy, logger: Logger) {
        self.policy = policy
        self.logger = logger
        chain = ProviderChain(providers, breakers: breakers) { provider, result, opened in
            Self.count(result, of: provider)
            if let opened { logger.error("no messages go through \(opened) for now: \(result.detail)") }
        }
    }

    /// Sends one code.
    ///
    /// - Returns: 0, as the tutorial's task does.
    /// - Throws: ``TaskRetry`` or ``TaskRejection``, as the gateway's answer asks for; ``TaskExpired`` when it is too late.
    func send(_ arguments: SendCodeArguments, _ context: TaskContext) async throws -> Int {
        guard let mobile = MobileNumber(canonical: arguments.mobile) else {
            throw TaskRejection(
                "bad_number", "this is no mobile number: 11 digits of the mainland, 1[3-9]…, or + and a country's")
        }
        guard let code = OneTimeCode(arguments.code) else {
            throw TaskRejection("arguments", "the code is not four to six digits")
        }
        var message = OutgoingMessage(
            mobile: mobile.canonical, code: code.digits, validMinutes: policy.codeMinutes, taskID: context.id.text)
        message.country = mobile.country.text
        message.expires = context.expires.map { Int($0.milliseconds / 1000) }
        var confirmed = ContinuousClock.now
        let delivery = try await chain.send(message) {
            if let expires = context.expires, expires <= context.now.adding(Self.shortestUsefulLife) {
                throw TaskExpired()
            }
            try await context.confirmClaim()
            confirmed = .now
        }
        switch delivery {
        case .allShut(let wait):
            throw TaskRetry(
                "no provider takes messages now: each is kept shut by its circuit breaker", after: wait,
                cause: "breaker")
        case .answered(let provider, let result):
            if result.outcome == .accepted { Self.time(confirmed.duration(to: .now), of: provider) }
            return try end(result, of: provider, mobile)
        }
    }

    private func end(_ result: SendResult, of provider: String, _ mobile: MobileNumber) throws -> Int {
        let detail = "\(provider): \(result.detail)"
        switch result.outcome {
        case .accepted:
            logger.debug("\(provider) accepted the message to \(mobile)")
            return 0
        case .retry, .unknown:
            throw TaskRetry(detail, cause: result.outcome.label)
        case .throttled(.number, _):
            // The limit protects the person behind the number: not again, and not by another gateway.
            throw TaskRejection("throttled", detail)
        case .throttled(_, let retryAfter):
            throw TaskRetry(detail, after: retryAfter, cause: result.outcome.label)
        case .badNumber:
            throw TaskRejection("bad_number", detail)
        case .badConfiguration:
            logger.error("\(detail): an operator has to act; the message is tried again until its code expires")
            throw TaskRetry(detail, after: Self.pauseForOperator, cause: result.outcome.label)
        }
    }

    /// From the confirmation of the claim to the gateway's acceptance.
    private static func time(_ duration: Duration, of provider: String) {
        Timer(label: "sms.acceptance.duration", dimensions: [("provider", provider)]).record(duration: duration)
    }

    private static func count(_ result: SendResult, of provider: String) {
        Counter(
            label: "sms.sends",
            dimensions: [
                ("provider", provider), ("outcome", result.outcome.label),
                ("reason", result.outcome.reason?.rawValue ?? ""),
            ]
        ).increment()
    }
}
