internal import Logging
internal import Metrics
internal import RedisClient
internal import SMSProviders
internal import TaskQueue

/// Asks a provider what became of a message before it is sent again, when the call before has not ended, or nobody knows
/// how.
struct OutcomeInquiry: Sendable {
    private let queries: [String: any OutcomeQuery]
    private let calls: OpenCalls
    private let policy: SendingPolicy
    private let logger: Logger

    init(_ providers: [any SMSProvider], calls: OpenCalls, policy: SendingPolicy, logger: Logger) {
        queries = Dictionary(
            providers.compactMap { provider in provider.outcomeQuery.map { (provider.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        self.calls = calls
        self.policy = policy
        self.logger = logger
    }

    /// How long to wait after a call of that provider whose outcome nobody knows; nil: it cannot be asked, so that there is
    /// nothing to wait for.
    func delay(_ provider: String) -> Duration? { queries[provider] == nil ? nil : policy.queryDelay }

    /// A call of that provider begins.
    func begin(_ provider: String, _ message: OutgoingMessage, at now: WireTime) async throws {
        let call = OpenCalls.Call(provider: provider, attempt: message.attempt, began: now)
        try await redis { () async throws(RedisError) in try await calls.begin(call, of: message.taskID) }
    }

    /// The last call of the message has ended, and it is known how. When Redis does not hear of it, the provider is asked
    /// once more, if there is another attempt.
    func end(_ message: OutgoingMessage) async {
        try? await calls.end(of: message.taskID)
    }

    /// What became of the message at the attempt before. Nil: it has to be sent.
    ///
    /// - Parameter mayCall: Called immediately before the provider is.
    /// - Throws: ``TaskRetry`` when it is too early to ask, or the provider does not know yet.
    func outcome(
        of message: OutgoingMessage, at now: WireTime, mayCall: () async throws -> Void
    ) async throws -> (provider: String, result: SendResult)? {
        let open = try await redis { () async throws(RedisError) in try await calls.call(of: message.taskID) }
        guard let open, let query = queries[open.provider] else { return nil }
        let age = now.since(open.began)
        guard age >= policy.queryDelay else {
            throw TaskRetry.waiting(
                "\(open.provider) is asked what became of the message", for: policy.queryDelay - age)
        }
        try await mayCall()
        var asked = message
        asked.attempt = open.attempt
        let result = await query.outcome(of: asked, sentAt: open.began.milliseconds / 1000)
        Counter(
            label: "sms.queries", dimensions: [("provider", open.provider), ("outcome", result.outcome.label)]
        ).increment()
        switch result.outcome {
        case .accepted, .badNumber, .throttled(.number, _):
            await end(message)
            return (open.provider, result)
        case .unknown where age < policy.queryPatience:
            throw TaskRetry("\(open.provider): \(result.detail)", after: policy.queryDelay)
        default:
            logger.info("\(open.provider): \(result.detail): the message is sent again")
            await end(message)
            return nil
        }
    }

    /// Without Redis the job cannot go on: it waits, and nothing has been tried.
    private func redis<Value>(_ step: () async throws(RedisError) -> Value) async throws -> Value {
        do throws(RedisError) {
            return try await step()
        } catch {
            throw TaskRetry.waiting("Redis does not tell what became of the message: \(error)", for: .seconds(1))
        }
    }
}
