import Synchronization

/// How long the worker's lease is certain to hold, by this machine's clock.
final class LeaseClock: Sendable {
    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// The lease was renewed by a command that was sent at that time.
    func renewed(sentAt time: ContinuousClock.Instant) {
        end.withLock { $0 = time + Broker.lease }
    }

    /// True when the lease holds for at least so much longer.
    func holds(for duration: Duration) -> Bool {
        end.withLock { $0.map { ContinuousClock.now + duration < $0 } ?? false }
    }
}
