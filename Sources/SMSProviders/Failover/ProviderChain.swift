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
        /// All providers are kept shut by their breakers; after that time one may be asked again.
        case allShut(retryAfter: Duration)
    }

    /// Looks at each answer, for logs and metrics.
    public typealias Observer = @Sendable (_ provider: String, SendResult, _ opened: CircuitBreakers.Open?) -> Void

    /// Writes each answer down before anything follows from it. Without a duration the provider was not called: its refusal is
    /// remembered.
    public typealias Recorder =
        @Sendable (_ message: OutgoingMessage, SendResult, _ provider: String, _ duration: Duration?) async -> Void

    private let providers: [any SMSProvider]
    private let order: ProviderOrder
    private let breakers: CircuitBreakers
    private let limits: (any CallLimits)?
    private let memory: (any RefusalMemory)?
    private let recorder: Recorder
    private let reinterpret: @Sendable (_ provider: String, SendResult) -> SendResult
    private let observer: Observer

    /// A chain of these providers.
    ///
    /// - Parameters:
    ///   - order: Who is asked first; nil: the first of them.
    ///   - breakers: What keeps messages away from those that do not work.
    ///   - limits: How many calls each may get; nil: any number.
    ///   - memory: The numbers that they have refused; nil: nothing is remembered.
    ///   - observer: Sees each answer.
    ///   - recorder: Writes each answer down.
    ///   - reinterpret: Gives an answer another meaning, before anything follows from it.
    public init(
        _ providers: [any SMSProvider], order: ProviderOrder? = nil, breakers: CircuitBreakers = CircuitBreakers(),
        limits: (any CallLimits)? = nil, memory: (any RefusalMemory)? = nil,
        observer: @escaping Observer = { _, _, _ in }, recorder: @escaping Recorder = { _, _, _, _ in },
        reinterpret: @escaping @Sendable (_ provider: String, SendResult) -> SendResult = { $1 }
    ) {
        self.providers = providers
        self.order = order ?? ProviderOrder(weights: providers.map { _ in nil })
        self.breakers = breakers
        self.limits = limits
        self.memory = memory
        self.reinterpret = reinterpret
        self.observer = observer
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
                await recorder(message, refusal, provider.name, nil)
                return .answered(provider: provider.name, refusal)
            }
            if let wait = await limits?.enter(provider.name) {
                busy = min(busy ?? wait, wait)
                continue
            }
            defer { limits?.leave(provider.name) }
            // It may have been shut in the meantime.
            guard breakers.admit(provider.name, message) else {
                shut = min(shut ?? .zero, breakers.wait(provider.name, message) ?? .zero)
                continue
            }
            try await mayCall(provider.name)
            let start = ContinuousClock.now
            let result = reinterpret(provider.name, await provider.send(message))
            await recorder(message, result, provider.name, start.duration(to: .now))
            observer(provider.name, result, breakers.record(result.outcome, of: provider.name, for: message))
            await memory?.learn(result, to: message, of: provider.name)
            last = .answered(provider: provider.name, result)
            guard result.outcome.leavesItToOthers, !Task.isCancelled else { break }
        }
        return last ?? busy.map { .allBusy(retryAfter: $0) } ?? .allShut(retryAfter: shut ?? .zero)
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
