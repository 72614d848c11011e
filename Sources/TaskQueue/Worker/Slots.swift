import Synchronization

/// The places in which tasks run: as many as the worker's concurrency.
final class Slots: Sendable {
    private let total: Int
    private let places: Mutex<Int>
    private let freed = Signal()

    init(_ total: Int) {
        self.total = total
        places = Mutex(total)
    }

    /// How many places are free; below 0 when more tasks run than there are places.
    var free: Int { places.withLock { $0 } }

    /// How many tasks run.
    var busy: Int { total - free }

    /// How many places are free, as soon as one is; 0 when it was woken up or cancelled before.
    func waitForFree() async -> Int {
        if free <= 0 { _ = await freed.wait() }
        return free
    }

    /// Returns when no task runs any more, or so much time has passed.
    func waitUntilAllFree(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while busy > 0, ContinuousClock.now < deadline {
            await freed.wait(atMost: ContinuousClock.now.duration(to: deadline))
        }
    }

    func take() {
        places.withLock { $0 -= 1 }
    }

    func release() {
        places.withLock { $0 += 1 }
        freed.raise()
    }

    /// Ends ``waitForFree()``.
    func wakeUp() {
        freed.raise()
    }
}
