import Synchronization

/// Brings loops of a worker to a standstill, for tests of those who must notice it.
package final class FaultSwitch: Sendable {
    package enum Loop: UInt8, Sendable {
        case fetch = 1
        case arrivals = 2
        case promotion = 4
    }

    private let frozen = Atomic<UInt8>(0)

    /// From now on the loop does not come round.
    package func freeze(_ loop: Loop) {
        frozen.bitwiseOr(loop.rawValue, ordering: .relaxed)
    }

    /// All loops go on.
    package func thaw() {
        frozen.store(0, ordering: .relaxed)
    }

    /// Where the loop stands while it is frozen.
    func pass(_ loop: Loop) async {
        while frozen.load(ordering: .relaxed) & loop.rawValue != 0, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
