/// Keeps calls away from what does not work just now, and lets one through from time to time to see whether it works
/// again. A state machine without a clock: times are milliseconds of a clock that only goes forward.
struct CircuitBreaker: Sendable, Equatable {
    /// What an answer means for it.
    enum Event: Sendable, Equatable {
        case success
        /// It failed this once; several in a row open the breaker.
        case failure
        /// It will fail again until somebody mends it: the breaker opens at once.
        case fault
        /// It wants to be left alone for so many milliseconds.
        case busy(Int)
        /// It wants never to be called again: the breaker stays open until somebody closes it.
        case end
    }

    private enum State: Equatable {
        case closed(failures: Int)
        case open(until: Int)
        /// One call is on its way to see whether it works again. If nothing is heard of it by then, another one may go.
        case probing(until: Int)
    }

    static let failuresToOpen = 5
    static let probePatience = 10_000
    static let pauseWhileProbing = 2_000
    /// How long a breaker stays open that only an operator closes, in milliseconds: a hundred years.
    static let untilClosedByHand = 100 * 365 * 86_400_000
    private static let afterFailures = 1_000...5_000
    private static let afterFault = 10_000...300_000

    private var state = State.closed(failures: 0)
    /// How often it was opened since it last worked: each time is twice as long as the one before.
    private var timesOpened = 0
    /// When it was opened last.
    private var opened = 0

    /// Calls go through.
    var isClosed: Bool {
        if case .closed = state { return true }
        return false
    }

    /// The time at which a call may go through; 0 when it is closed.
    var until: Int {
        switch state {
        case .closed: 0
        case .open(let until), .probing(let until): until
        }
    }

    /// How many milliseconds until a call may go through; 0: now.
    func wait(_ now: Int) -> Int { max(0, until - now) }

    /// How many milliseconds until it is worth asking again; 0: now. While a call is on its way to see whether it works
    /// again, that may be known soon.
    func pause(_ now: Int) -> Int {
        guard case .probing = state else { return wait(now) }
        return min(wait(now), Self.pauseWhileProbing)
    }

    /// Whether a call may go through now. Of those that ask an open breaker whose time is over, one may.
    mutating func admits(_ now: Int) -> Bool {
        guard !isClosed else { return true }
        guard wait(now) == 0 else { return false }
        state = .probing(until: now + Self.probePatience)
        return true
    }

    /// - Parameter began: When the call began.
    mutating func record(_ event: Event, ofCallBegunAt began: Int, at now: Int) {
        // A call that had begun before it was opened says nothing about what has opened it.
        let isLate = !isClosed && began <= opened
        switch (event, state) {
        case (.success, _) where isLate, (.failure, _) where isLate, (.fault, _) where isLate: break
        case (.success, _): self = CircuitBreaker()
        case (.end, _): open(until: now + Self.untilClosedByHand, now)
        case (.busy(let time), _): open(until: now + max(wait(now), time, 1), now)
        case (.failure, .closed(let failures)) where failures + 1 < Self.failuresToOpen:
            state = .closed(failures: failures + 1)
        case (.failure, _): open(Self.afterFailures, now)
        case (.fault, _): open(Self.afterFault, now)
        }
    }

    /// Opens it, or keeps it open, until that time.
    mutating func open(until time: Int, _ now: Int) {
        guard state != .open(until: time) else { return }
        state = .open(until: time)
        opened = now
    }

    private mutating func open(_ times: ClosedRange<Int>, _ now: Int) {
        open(until: now + min(times.upperBound, times.lowerBound << min(timesOpened, 10)), now)
        timesOpened += 1
    }
}
