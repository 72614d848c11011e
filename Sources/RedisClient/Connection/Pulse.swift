/// Notices a peer that has vanished without a word: when an idle connection was silent for long, it is asked for a sign of
/// life. A state machine without I/O or clock.
struct Pulse {
    typealias Instant = ContinuousClock.Instant

    /// After how long a silence it asks.
    let interval: Duration
    /// How long it then waits.
    let patience: Duration
    /// When anything came from the peer.
    private(set) var lastHeard: Instant
    private var askedAt: Instant?

    /// Starts with a connection that was just heard of.
    init(interval: Duration, patience: Duration, now: Instant) {
        self.interval = interval
        self.patience = patience
        lastHeard = now
    }

    /// Anything came from the peer. True when it was asked for a sign of life: the next look is due after ``interval``.
    mutating func hear(_ now: Instant) -> Bool {
        lastHeard = now
        defer { askedAt = nil }
        return askedAt != nil
    }

    /// What is to be done.
    enum Verdict: Equatable {
        /// Look again by that time.
        case wait(until: Instant)
        /// Send a `PING` now, and look again by that time.
        case ask(until: Instant)
        /// The peer is gone.
        case dead
    }

    mutating func check(_ now: Instant) -> Verdict {
        if let askedAt {
            let end = askedAt + patience
            return end <= now ? .dead : .wait(until: end)
        }
        guard lastHeard + interval <= now else { return .wait(until: lastHeard + interval) }
        askedAt = now
        return .ask(until: now + patience)
    }
}
