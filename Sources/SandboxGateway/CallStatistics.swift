internal import FoundationEssentials
internal import Synchronization

/// Counts the calls to all gateways.
final class CallStatistics: Sendable {
    /// What `GET /stats` answers.
    struct Snapshot: Codable, Sendable, Equatable {
        /// Calls to any gateway.
        var received = 0
        /// Calls that put a message into the inbox.
        var accepted = 0
        /// Calls that were refused, by the vendor's code.
        var rejected: [String: Int] = [:]
        /// Calls that met a fault, by its name in `/faults`.
        var faults: [String: Int] = [:]
        /// When the process began.
        var started: Date
    }

    private let counts: Mutex<Snapshot>

    init(started: Date) {
        counts = Mutex(Snapshot(started: started))
    }

    var snapshot: Snapshot { counts.withLock { $0 } }

    /// Counts a call whose message was taken, or lost by a fault.
    func countAccepted(_ fault: SandboxFault? = nil) {
        counts.withLock {
            $0.received += 1
            if fault != .hang { $0.accepted += 1 }
            if let fault { $0.faults[fault.rawValue, default: 0] += 1 }
        }
    }

    /// Counts a call that was answered as the one that it repeats.
    func countRepeated() {
        counts.withLock { $0.received += 1 }
    }

    func countRejected(code: String, _ fault: SandboxFault? = nil) {
        counts.withLock {
            $0.received += 1
            $0.rejected[code, default: 0] += 1
            if let fault { $0.faults[fault.rawValue, default: 0] += 1 }
        }
    }

    /// Counts a call that met a fault before anybody looked at it.
    func countFault(_ fault: SandboxFault?) {
        counts.withLock {
            $0.received += 1
            if let fault { $0.faults[fault.rawValue, default: 0] += 1 }
        }
    }

    func reset() {
        counts.withLock { $0 = Snapshot(started: $0.started) }
    }
}
