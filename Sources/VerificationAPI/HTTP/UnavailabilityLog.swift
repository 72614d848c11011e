import Logging
import SMSVerification
import Synchronization

/// Says in the log that the domain cannot work, at most once in an interval: while Redis is down every request fails
/// for the same reason, and a line for each would bury the reason.
final class UnavailabilityLog: Sendable {
    private let interval: Duration
    private let state = Mutex(State())

    init(interval: Duration = .seconds(10)) {
        self.interval = interval
    }

    func record(_ error: VerificationUnavailable, now: ContinuousClock.Instant = .now, logger: Logger) {
        guard let suppressed = state.withLock({ $0.admit(now: now, interval: interval) }) else { return }
        logger.warning(
            "Requests are answered 503",
            metadata: [
                "part": .string(error.part), "reason": .string(error.message),
                "not-logged": .stringConvertible(suppressed),
            ])
    }

    private struct State {
        var lastLine: ContinuousClock.Instant?
        var suppressed = 0

        /// The number of failures that went by unlogged, when a line is due; nil when it is not.
        mutating func admit(now: ContinuousClock.Instant, interval: Duration) -> Int? {
            if let lastLine, now - lastLine < interval {
                suppressed += 1
                return nil
            }
            defer { suppressed = 0 }
            lastLine = now
            return suppressed
        }
    }
}
