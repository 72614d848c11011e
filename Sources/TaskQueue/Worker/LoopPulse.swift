import Synchronization

/// When a loop of the worker last came round, and when Redis last answered it. The loop pays a store or two for a turn.
final class LoopPulse: Sendable {
    /// What the loop does, in words that fit after "the loop that".
    let purpose: String
    private let turn = Atomic<Int64>(0)
    private let answer = Atomic<Int64>(0)

    init(_ purpose: String) {
        self.purpose = purpose
        beat()
    }

    /// The loop has come round.
    ///
    /// - Parameter answered: Redis has answered, if only with an error.
    func beat(answered: Bool = true) {
        let now = Self.now
        turn.store(now, ordering: .relaxed)
        if answered { answer.store(now, ordering: .relaxed) }
    }

    /// How long ago the loop came round.
    var sinceTurn: Duration { .nanoseconds(Self.now - turn.load(ordering: .relaxed)) }

    /// How long ago Redis answered the loop.
    var sinceAnswer: Duration { .nanoseconds(Self.now - answer.load(ordering: .relaxed)) }

    private static let origin = ContinuousClock.now

    /// Nanoseconds of the monotonic clock.
    private static var now: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
