import Synchronization

/// What others may ask of a running worker.
final class WorkerState: Sendable {
    private let consuming = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)

    /// The last attempt to take messages reached Redis.
    var isConsuming: Bool {
        get { consuming.load(ordering: .relaxed) }
        set { consuming.store(newValue, ordering: .relaxed) }
    }

    /// Nothing more may be taken.
    var isStopping: Bool {
        get { stopping.load(ordering: .sequentiallyConsistent) }
        set { stopping.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
