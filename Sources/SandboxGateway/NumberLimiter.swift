internal import DequeModule
internal import FoundationEssentials
internal import Synchronization

/// Lets one message through to a number, then none until an interval has passed.
final class NumberLimiter: Sendable {
    private struct State {
        var blocked: Set<String> = []
        var order: Deque<(number: String, until: Date)> = []
    }

    private let interval: TimeInterval
    private let state = Mutex(State())

    init(interval: Duration) {
        self.interval = interval / .seconds(1)
    }

    /// Whether a message to this number may go now. If so, the next one may not.
    func admit(_ number: String, at now: Date) -> Bool {
        guard interval > 0 else { return true }
        return state.withLock { state in
            while let first = state.order.first, first.until <= now {
                state.order.removeFirst()
                state.blocked.remove(first.number)
            }
            guard state.blocked.insert(number).inserted else { return false }
            state.order.append((number, now + interval))
            return true
        }
    }

    func reset() {
        state.withLock { $0 = State() }
    }
}
