import Synchronization

/// The claims that this process works on, against which those in Redis are held: a claim whose reply was lost with the
/// connection, or that a task left in place, would otherwise stay claimed for as long as the worker lives.
final class Holdings: Sendable {
    private struct State {
        var held: Set<Int> = []
        var isInDoubt = false
        /// What was released since the last look at Redis began: that look may still show it.
        var releasedDuringLook: Set<Int>?
    }

    private let state = Mutex(State())

    /// True when Redis may hold claims of this worker that nobody works on.
    var isInDoubt: Bool { state.withLock { $0.isInDoubt } }

    /// How many claims this process works on.
    var count: Int { state.withLock { $0.held.count } }

    /// This process works on the claim now.
    func take(_ claim: Claim) {
        state.withLock { _ = $0.held.insert(claim.number) }
    }

    /// The claims have ended in Redis.
    func release(_ numbers: [Int]) {
        state.withLock { state in
            for number in numbers {
                state.held.remove(number)
                state.releasedDuringLook?.insert(number)
            }
        }
    }

    /// The claim may still stand in Redis, but nobody works on it any more.
    func leave(_ claim: Claim) {
        state.withLock { state in
            state.held.remove(claim.number)
            state.isInDoubt = true
        }
    }

    /// A reply was lost that may have brought claims.
    func doubt() {
        state.withLock { $0.isInDoubt = true }
    }

    /// To be called before Redis is asked for the worker's claims.
    func beginLook() {
        state.withLock { state in
            state.isInDoubt = false
            state.releasedDuringLook = []
        }
    }

    /// Those of the worker's claims in Redis that nobody here works on; ends the look.
    func endLook(_ claims: [Claim]) -> [Claim] {
        state.withLock { state in
            let released = state.releasedDuringLook ?? []
            state.releasedDuringLook = nil
            return claims.filter { !state.held.contains($0.number) && !released.contains($0.number) }
        }
    }
}
