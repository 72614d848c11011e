internal import Logging
internal import RedisClient
internal import SMSProviders
internal import TaskQueue

/// Asks a provider what became of a message before it is sent again, when the call before has not ended, or nobody knows
/// how.
struct OutcomeInquiry: Sendable {
    let chain: ProviderChain
    let calls: OpenCalls
    let policy: SendingPolicy
    let logger: Logger

    /// How long to wait after a call of that provider whose outcome nobody knows; nil: it cannot be asked, so that there is
    /// nothing to wait for.
    func delay(_ provider: String) -> Duration? { chain.canAsk(provider) ? policy.queryDelay : nil }

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
    /// - Throws: ``TaskRetry`` when it is too early to ask, the provider does not know yet, or may not be asked just now.
    func outcome(
        of message: OutgoingMessage, at now: WireTime, mayCall: () async throws -> Void
    ) async throws -> (provider: String, result: SendResult)? {
        let open = try await redis { () async throws(RedisError) in try await calls.call(of: message.taskID) }
        guard let open, chain.canAsk(open.provider) else { return nil }
        let age = now.since(open.began)
        guard age >= policy.queryDelay else {
            throw TaskRetry.waiting(
                "\(open.provider) is asked what became of the message", for: policy.queryDelay - age)
        }
        var asked = message
        asked.attempt = open.attempt
        let why: String
        switch try await chain.ask(
            open.provider, about: asked, sentAt: open.began.milliseconds / 1000, mayCall: mayCall)
        {
        case .answered(let result):
            switch result.outcome {
            case .accepted, .badNumber, .throttled(.number, _):
                await end(message)
                return (open.provider, result)
            case .unknown where age < policy.queryPatience:
                throw TaskRetry("\(open.provider): \(result.detail)", after: policy.queryDelay)
            default: why = result.detail
            }
        case .unasked(let wait) where age + wait < policy.queryPatience:
            // Sooner than it says: an operator or another worker may close a breaker.
            throw TaskRetry.waiting(
                "\(open.provider) cannot be asked yet what became of the message",
                for: min(max(wait, Self.shortestWait), policy.queryDelay))
        case .unasked, .impossible: why = "it cannot be asked in time what became of the message"
        }
        logger.info("\(open.provider): \(why): the message is sent again")
        await end(message)
        return nil
    }

    /// Not every few milliseconds, for which a place may be taken.
    private static let shortestWait = Duration.milliseconds(100)

    /// Without Redis the job cannot go on: it waits, and nothing has been tried.
    private func redis<Value>(_ step: () async throws(RedisError) -> Value) async throws -> Value {
        do throws(RedisError) {
            return try await step()
        } catch {
            throw TaskRetry.waiting("Redis does not tell what became of the message: \(error)", for: .seconds(1))
        }
    }
}
