internal import RedisClient
import Synchronization

/// The check, right before an effect, that a claim still stands; it remembers whether an attempt went out.
final class ClaimFence: Sendable {
    private let claim: Claim
    private let message: TaskMessage
    private let broker: Broker
    private let outage: OutageLog
    private let passed: Atomic<Bool>

    init(_ claim: Claim, _ message: TaskMessage, broker: Broker, outage: OutageLog) {
        self.claim = claim
        self.message = message
        self.broker = broker
        self.outage = outage
        passed = Atomic(claim.wasSent)
    }

    /// The attempt may have gone out.
    var wasPassed: Bool { passed.load(ordering: .relaxed) }

    /// Waits while the broker cannot be reached.
    ///
    /// - Throws: ``ClaimLost``, ``TaskExpired``, `CancellationError`; what the broker says to refuse it.
    func pass() async throws {
        while true {
            if message.isExpired(by: broker.clock) { throw TaskExpired() }
            do {
                // Also when the reply is lost, the attempt may be recorded.
                passed.store(true, ordering: .relaxed)
                switch try await broker.passFence(claim, attempt: message.retries + 1, expires: message.expires) {
                case .passed: return
                case .claimLost: throw ClaimLost()
                case .expired: throw TaskExpired()
                }
            } catch let error as RedisError where error.isTransient {
                outage.report("Cannot confirm a claim, trying again: \(error)")
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }
}

extension TaskMessage {
    /// Most messages never expire: those need not know the time.
    func isExpired(by clock: ServerClock) -> Bool {
        expires.map { $0 <= clock.now } ?? false
    }
}
