/// Several providers in their order: a message goes to the first that takes it.
///
/// The next one is asked only when it is certain that the one before has not sent the message. A limit that protects the
/// person behind the number, a number that is none, and an outcome that nobody knows end the search: another provider
/// would write to the same person once more.
public struct ProviderChain: Sendable {
    /// What became of a message.
    public enum Delivery: Sendable, Equatable {
        /// The last provider that was asked, and what it said.
        case answered(provider: String, SendResult)
        /// All providers are kept shut by their breakers; after that time one may be asked again.
        case allShut(retryAfter: Duration)
    }

    /// Looks at each answer, for logs and metrics.
    public typealias Observer = @Sendable (_ provider: String, SendResult, _ opened: CircuitBreakers.Open?) -> Void

    private let providers: [any SMSProvider]
    private let breakers: CircuitBreakers
    private let reinterpret: @Sendable (_ provider: String, SendResult) -> SendResult
    private let observer: Observer

    /// A chain of these providers, the first of them first.
    ///
    /// - Parameters:
    ///   - observer: Is told each answer.
    ///   - reinterpret: Gives an answer another meaning, before anything follows from it.
    public init(
        _ providers: [any SMSProvider], breakers: CircuitBreakers = CircuitBreakers(),
        observer: @escaping Observer = { _, _, _ in },
        reinterpret: @escaping @Sendable (_ provider: String, SendResult) -> SendResult = { $1 }
    ) {
        self.providers = providers
        self.breakers = breakers
        self.reinterpret = reinterpret
        self.observer = observer
    }

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - message: What to send.
    ///   - mayCall: Called immediately before each call to a provider; what it throws ends the search.
    public func send(_ message: OutgoingMessage, mayCall: () async throws -> Void) async throws -> Delivery {
        var last: Delivery?
        var shortestWait: Duration?
        for provider in providers {
            if let wait = breakers.wait(provider.name, message) {
                shortestWait = min(shortestWait ?? wait, wait)
                continue
            }
            try await mayCall()
            let result = reinterpret(provider.name, await provider.send(message))
            observer(provider.name, result, breakers.record(result.outcome, of: provider.name, for: message))
            last = .answered(provider: provider.name, result)
            guard result.outcome.leavesItToOthers, !Task.isCancelled else { break }
        }
        return last ?? .allShut(retryAfter: shortestWait ?? .zero)
    }
}

extension SendOutcome {
    /// The message was certainly not sent, for a reason that does not lie in the number.
    fileprivate var leavesItToOthers: Bool {
        switch self {
        case .throttled(.number, _), .accepted, .badNumber, .unknown: false
        case .retry, .throttled, .badConfiguration: true
        }
    }
}
