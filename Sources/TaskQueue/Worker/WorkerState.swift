import Synchronization

/// What others may ask of a running worker.
final class WorkerState: Sendable {
    private let consuming = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)
    private let running = Atomic<Bool>(false)
    private let becameConsuming = Signal()

    /// The last attempt to take messages reached Redis.
    var isConsuming: Bool {
        get { consuming.load(ordering: .relaxed) }
        set {
            let before = consuming.exchange(newValue, ordering: .relaxed)
            if newValue, !before { becameConsuming.raise() }
        }
    }

    func waitUntilConsuming() async throws {
        while !isConsuming {
            guard await becameConsuming.wait() else { throw CancellationError() }
        }
    }

    /// Its loops have begun, and have not ended.
    var isRunning: Bool {
        get { running.load(ordering: .relaxed) }
        set { running.store(newValue, ordering: .relaxed) }
    }

    /// Nothing more may be taken.
    var isStopping: Bool {
        get { stopping.load(ordering: .sequentiallyConsistent) }
        set { stopping.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
