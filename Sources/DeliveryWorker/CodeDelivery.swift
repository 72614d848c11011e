internal import Logging
internal import SMSProviders
internal import SMSVerification
internal import TaskQueue

/// Runs `ccp_send_sms_code`: hands one code to the gateways and turns what they say into the task's end.
struct CodeDelivery: Sendable {
    /// What an operator has to mend takes minutes: trying every second would only fill the log and the gateway's books.
    private static let pauseForOperator = Duration.seconds(10)
    /// A code that has less to live than this would arrive too late to be typed in.
    private static let shortestUsefulLife = Duration.seconds(10)

    /// A breaker may be closed earlier than it says, by an operator or by another worker.
    private static let longestShut = Duration.seconds(30)
    /// A call on its way may be answered at once, but not every few milliseconds.
    private static let shortestShut = Duration.milliseconds(100)

    let chain: ProviderChain
    let sending: Sending
    let inquiry: OutcomeInquiry?
    let records: DeliveryRecords?
    let tables: DeliveryTables
    let policy: VerificationPolicy
    let logger: Logger

    init(
        _ providers: [any SMSProvider], breakers: CircuitBreakers, tables: DeliveryTables, sending: Sending,
        recorder: AnswerRecorder, policy: VerificationPolicy, logger: Logger
    ) {
        records = recorder.records
        self.tables = tables
        self.sending = sending
        self.policy = policy
        self.logger = logger
        let chain = ProviderChain(
            providers, order: sending.order, breakers: breakers, limits: sending.limits, memory: sending.memory,
            recorder: { await recorder.note($0) }, reinterpret: { tables.codes.reinterpreted($1, of: $0) })
        self.chain = chain
        inquiry = sending.calls.map {
            OutcomeInquiry(chain: chain, calls: $0, policy: sending.policy, logger: logger)
        }
    }

    /// Sends one code.
    ///
    /// - Returns: 0, as the tutorial's task does.
    /// - Throws: ``TaskRetry``, ``TaskRejection`` or ``TaskHold``, as the gateway's answer asks for; ``TaskExpired`` when it
    ///   is too late.
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
        message.purpose = (context.message.header(SendCodeHeaders.purpose).flatMap { Purpose($0) } ?? .standard).name
        message.locale =
            context.message.header(SendCodeHeaders.language).flatMap { LanguageTag($0) }?.text ?? message.locale
        message.templates = tables.templates.chosen(purpose: message.purpose, language: message.locale)
        message.expires = context.expires.map { Int($0.milliseconds / 1000) }
        message.attempt = context.attempt
        message.hasWaited = context.message.hasWaited
        message.latest = context.expires.map {
            ContinuousClock.now + ($0.since(context.now) - Self.shortestUsefulLife)
        }
        if await isSent(context) {
            logger.info("a provider has the message by its own answer or report: it is not sent again")
            await inquiry?.end(message)
            return 0
        }
        if let known = try await inquiry?.outcome(of: message, at: context.now, mayCall: { try await confirm(context) })
        {
            return try end(known.result, of: known.provider, mobile)
        }
        switch try await deliver(message, context) {
        case .allBusy(let wait):
            // Not all at the same moment.
            throw TaskRetry.waiting(
                "each provider has as many calls as it may", for: wait + .milliseconds(Int.random(in: 0...1000)))
        case .allShut(let wait):
            // Nobody was called. Not all come back at the same moment.
            throw TaskRetry.waiting(
                "no provider takes messages now: each is kept shut by its circuit breaker",
                for: min(max(wait, Self.shortestShut), Self.longestShut) + .milliseconds(Int.random(in: 0...1000)))
        case .answered(let provider, let result):
            if case .unknown = result.outcome {} else { await inquiry?.end(message) }
            return try end(result, of: provider, mobile)
        }
    }

    /// Whether a gateway has taken the message at an attempt before, by its answer or by a report that came since.
    private func isSent(_ context: TaskContext) async -> Bool {
        guard let records, context.attempt > 0 || context.message.redeliveries > 0 else { return false }
        // When Redis does not tell, nobody knows as before.
        let state = try? await records.state(of: context.id.text)
        return state == .accepted || state == .delivered
    }

    /// Hands the message over. While each provider has as many calls as it may, it waits for a while.
    private func deliver(_ message: OutgoingMessage, _ context: TaskContext) async throws -> ProviderChain.Delivery {
        var message = message
        let end = ContinuousClock.now + sending.longestWaitInPlace
        while true {
            if let latest = message.latest, ContinuousClock.now >= latest { throw TaskExpired() }
            let delivery = try await chain.send(message) { provider in
                try await inquiry?.begin(provider, message, at: context.now)
                try await confirm(context)
            }
            guard case .allBusy(let wait) = delivery, ContinuousClock.now + wait < end else { return delivery }
            message.hasWaited = true
            await sending.limits?.waitForPlace(atMost: wait)
            try Task.checkCancellation()
        }
    }

    /// Right before a call: is there time enough, and is the job still this worker's?
    private func confirm(_ context: TaskContext) async throws {
        if let expires = context.expires, expires <= context.now.adding(Self.shortestUsefulLife) {
            throw TaskExpired()
        }
        try await context.confirmClaim()
    }

    private func end(_ result: SendResult, of provider: String, _ mobile: MobileNumber) throws -> Int {
        let detail = "\(provider): \(result.detail)"
        switch result.outcome {
        case .accepted:
            logger.debug("\(provider) accepted the message to \(mobile)")
            return 0
        case .retry(.expired):
            throw TaskExpired()
        case .retry:
            throw TaskRetry(detail, after: result.retryAfter, cause: result.outcome.label)
        case .unknown where sending.policy.onUnknown == .hold:
            throw TaskHold(detail)
        case .unknown:
            throw TaskRetry(detail, after: inquiry?.delay(provider), cause: result.outcome.label)
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
}
