/// Several providers in an order: a message goes to the first that takes it.
///
/// The next one is asked only when it is certain that the one before has not sent the message. A limit that protects the
/// person behind the number, a number that is none, and an outcome that nobody knows end the search: another provider
/// would write to the same person once more.
public struct ProviderChain: Sendable {
    /// What became of a message.
    public enum Delivery: Sendable, Equatable {
        /// The last provider that was asked, and what it said.
        case answered(provider: String, SendResult)
        /// Nobody was asked: those whose breakers are closed have as many calls as they may; after that time it is worth
        /// trying again.
        case allBusy(retryAfter: Duration)
        /// All providers are kept shut by their breakers, or are silent; after that time one may be asked again.
        case allShut(retryAfter: Duration)
    }

    /// What came of asking a provider about a message.
    public enum Inquiry: Sendable, Equatable {
        /// What it said of the message.
        case answered(SendResult)
        /// It was not asked: for so long it is kept shut by its breaker, or has as many calls as it may.
        case unasked(retryAfter: Duration)
        /// It cannot be asked, or is none of the chain's.
        case impossible
    }

    /// What a provider says of a message.
    public struct Answer: Sendable {
        /// Where it comes from.
        public enum Source: Sendable, Equatable {
            /// The message was handed over, which took so long.
            case call(Duration)
            /// The provider was asked what became of the message.
            case inquiry
            /// The provider has refused the number before.
            case memory
        }

        /// Who says it.
        public var provider: String
        /// Of what.
        public var message: OutgoingMessage
        /// What it says.
        public var result: SendResult
        /// How it is known.
        public var source: Source
        /// The breaker that it has opened.
        public var opened: CircuitBreakers.Open?
    }

    /// Counts each answer and writes it down, before anything follows from it.
    public typealias Recorder = @Sendable (Answer) async -> Void

    private let providers: [any SMSProvider]
    private let order: ProviderOrder
    private let breakers: CircuitBreakers
    private let limits: (any CallLimits)?
    private let memory: (any RefusalMemory)?
    private let recorder: Recorder
    private let reinterpret: @Sendable (_ provider: String, SendResult) -> SendResult

    /// A chain of these providers.
    ///
    /// - Parameters:
    ///   - order: Who is asked first; nil: the first of them.
    ///   - breakers: What keeps messages away from those that do not work.
    ///   - limits: How many calls each may get; nil: any number.
    ///   - memory: The numbers that they have refused; nil: nothing is remembered.
    ///   - recorder: Is given each answer.
    ///   - reinterpret: Gives an answer another meaning, before anything follows from it.
    public init(
        _ providers: [any SMSProvider], order: ProviderOrder? = nil, breakers: CircuitBreakers = CircuitBreakers(),
        limits: (any CallLimits)? = nil, memory: (any RefusalMemory)? = nil, recorder: @escaping Recorder = { _ in },
        reinterpret: @escaping @Sendable (_ provider: String, SendResult) -> SendResult = { $1 }
    ) {
        self.providers = providers
        self.order = order ?? ProviderOrder(weights: providers.map { _ in nil })
        self.breakers = breakers
        self.limits = limits
        self.memory = memory
        self.reinterpret = reinterpret
        self.recorder = recorder
    }

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - message: What to send.
    ///   - mayCall: Called immediately before each call, with the provider's name; what it throws ends the search.
    public func send(
        _ message: OutgoingMessage, mayCall: (_ provider: String) async throws -> Void
    ) async throws -> Delivery {
        var last: Delivery?
        var shut: Duration?
        var busy: Duration?
        for position in order.drawn(for: message.taskID) {
            let provider = providers[position]
            if let wait = breakers.wait(provider.name, message) {
                shut = min(shut ?? wait, wait)
                continue
            }
            // Before the limits: a start that was used up for nothing does not come back.
            if let refusal = await memory?.refusal(of: message, by: provider.name) {
                await recorder(
                    Answer(provider: provider.name, message: message, result: refusal, source: .memory))
                return .answered(provider: provider.name, refusal)
            }
            if let wait = await limits?.enter(provider.name, for: message) {
                busy = min(busy ?? wait, wait)
                continue
            }
            defer { limits?.leave(provider.name) }
            // It may have been shut in the meantime.
            let began = breakers.time
            guard breakers.admit(provider.name, message) else {
                shut = min(shut ?? .zero, breakers.wait(provider.name, message) ?? .zero)
                continue
            }
            try await mayCall(provider.name)
            let start = ContinuousClock.now
            let call = breakers.begin(provider.name)
            let answer = await provider.send(message)
            breakers.end(call, of: provider.name, answer.outcome)
            let result = reinterpret(provider.name, answer)
            await note(
                result, of: provider.name, to: message, began: began, as: .call(start.duration(to: .now)))
            last = .answered(provider: provider.name, result)
            guard result.outcome.leavesItToOthers, !Task.isCancelled else { break }
        }
        return last ?? busy.map { .allBusy(retryAfter: $0) } ?? .allShut(retryAfter: shut ?? .zero)
    }

    /// Whether a provider can be asked what became of a message.
    public func canAsk(_ provider: String) -> Bool {
        providers.contains { $0.name == provider && $0.outcomeQuery != nil }
    }

    /// Asks a provider what became of a message. It is charged to the provider's limits, and kept away by its breakers, as
    /// a message is.
    ///
    /// - Parameters:
    ///   - name: The provider that the message was handed to.
    ///   - message: As it was handed over, with the same task and attempt.
    ///   - sent: When that was, in seconds since 1970-01-01 00:00 UTC.
    ///   - mayCall: Called immediately before the provider is; what it throws ends the inquiry.
    public func ask(
        _ name: String, about message: OutgoingMessage, sentAt sent: Int, mayCall: () async throws -> Void
    ) async throws -> Inquiry {
        guard let provider = providers.first(where: { $0.name == name }), let query = provider.outcomeQuery else {
            return .impossible
        }
        if let wait = breakers.wait(name, message) { return .unasked(retryAfter: wait) }
        if let wait = await limits?.enter(name, for: message) { return .unasked(retryAfter: wait) }
        defer { limits?.leave(name) }
        switch query {
        case .lookup(let lookup):
            try await mayCall()
            let result = reinterpret(name, await lookup.outcome(of: message, sentAt: sent))
            // Who may ask may not always send: it says nothing to the breakers.
            await recorder(Answer(provider: name, message: message, result: result, source: .inquiry))
            return .answered(result)
        case .repeatedCall:
            let began = breakers.time
            guard breakers.admit(name, message) else {
                return .unasked(retryAfter: breakers.wait(name, message) ?? .zero)
            }
            try await mayCall()
            let answer = reinterpret(name, await provider.send(message))
            return .answered(await note(answer, of: name, to: message, began: began, as: .inquiry))
        }
    }

    /// Lets breakers and memory learn from the answer to a call. Returns what is known of the message by it.
    @discardableResult
    private func note(
        _ answer: SendResult, of provider: String, to message: OutgoingMessage, began: Int, as source: Answer.Source
    ) async -> SendResult {
        let opened = breakers.record(answer.outcome, of: provider, for: message, began: began)
        let result = source == .inquiry ? answer.ofFirstCall : answer
        await recorder(
            Answer(provider: provider, message: message, result: result, source: source, opened: opened))
        await memory?.learn(answer, to: message, of: provider)
        return result
    }
}

extension SendOutcome {
    /// The message was certainly not sent, for a reason that does not lie in the message.
    fileprivate var leavesItToOthers: Bool {
        switch self {
        case .throttled(.number, _), .accepted, .badNumber, .unknown, .retry(.expired): false
        case .retry, .throttled, .badConfiguration: true
        }
    }
}
