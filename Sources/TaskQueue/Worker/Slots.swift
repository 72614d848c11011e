import Synchronization

/// A claimed message on its way to a slot.
struct Job: Sendable {
    let claim: Claim
    let queue: WorkerQueue
}

/// The places in which tasks run, as many as the worker's concurrency, and the claimed messages that wait for the moment
/// until a slot takes them.
///
/// Of the slots that have nothing to do one at a time is given a message, and it gives another one the next: so short
/// tasks run one after the other in a slot that is awake already, and long ones still run side by side.
final class Slots: Sendable {
    private struct State {
        var ready: [Job] = []
        /// Where the next one is in `ready`.
        var next = 0
        var busy = 0
        /// How often a slot took a message or was done with one.
        var movements = 0
        var isClosed = false
        var idle: [CheckedContinuation<Job?, Never>] = []
        /// Slots that were given a message while they slept, and are not awake yet.
        var waking = 0
        var feeder: CheckedContinuation<Void, Never>?
        var feederWasWoken = false

        var waiting: Int { ready.count - next }

        mutating func take() -> Job? {
            guard waiting > 0 else { return nil }
            let job = ready[next]
            next += 1
            busy += 1
            movements += 1
            if next == ready.count {
                ready.removeAll(keepingCapacity: true)
                next = 0
            }
            return job
        }

        /// A sleeping slot and the message for it, unless one is waking up already.
        mutating func wakeOne() -> (slot: CheckedContinuation<Job?, Never>, job: Job)? {
            guard waking == 0, let slot = idle.last, let job = take() else { return nil }
            idle.removeLast()
            waking += 1
            return (slot, job)
        }

        mutating func takeFeeder() -> CheckedContinuation<Void, Never>? {
            defer { feeder = nil }
            return feeder
        }
    }

    private let total: Int
    private let state = Mutex(State())
    private let ended = Signal()

    init(_ total: Int) {
        self.total = total
    }

    /// How many more messages may be claimed.
    var free: Int { state.withLock { total - $0.busy - $0.waiting } }

    /// How much the slots have to do.
    struct Load: Equatable {
        var total: Int
        var busy: Int
        var waiting: Int
        var movements: Int
    }

    var load: Load {
        state.withLock { Load(total: total, busy: $0.busy, waiting: $0.waiting, movements: $0.movements) }
    }

    /// How many tasks run.
    var busy: Int { state.withLock { $0.busy } }

    // MARK: - For the feeder

    /// Hands over claimed messages.
    func put(_ jobs: [Job]) {
        let woken = state.withLock { state in
            state.ready += jobs
            return state.wakeOne()
        }
        woken?.slot.resume(returning: woken?.job)
    }

    /// How many places are free, as soon as one is; maybe 0 when it was woken up before.
    func waitForFree() async -> Int {
        let now = free
        if now > 0 { return now }
        await withCheckedContinuation { continuation in
            let isNeeded = state.withLock { state in
                if total - state.busy - state.waiting > 0 || state.feederWasWoken {
                    state.feederWasWoken = false
                    return false
                }
                state.feeder = continuation
                return true
            }
            if !isNeeded { continuation.resume() }
        }
        return free
    }

    /// Ends ``waitForFree()``.
    func wakeUp() {
        let feeder = state.withLock { state in
            let feeder = state.takeFeeder()
            state.feederWasWoken = feeder == nil
            return feeder
        }
        feeder?.resume()
    }

    /// Lets no more messages begin: those that wait stay claimed.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            state.ready = []
            state.next = 0
            state.waking += state.idle.count
            defer { state.idle = [] }
            return state.idle
        }
        for slot in idle { slot.resume(returning: nil) }
    }

    /// Returns when no task runs any more, or so much time has passed.
    func waitUntilAllFree(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while busy > 0, ContinuousClock.now < deadline, !Task.isCancelled {
            await ended.wait(atMost: ContinuousClock.now.duration(to: deadline))
        }
    }

    // MARK: - For each slot

    /// Runs messages until the worker stops.
    func work(_ run: (Job) async -> Void) async {
        while let job = await next() {
            await run(job)
            finish()
        }
    }

    private func next() async -> Job? {
        if let job = state.withLock({ $0.take() }) { return job }
        let job = await withCheckedContinuation { slot in
            let answer: Job?? = state.withLock { state in
                if !state.isClosed, state.waiting == 0 {
                    state.idle.append(slot)
                    return .none
                }
                // It does not sleep, and counts as one that was woken up all the same.
                state.waking += 1
                return .some(state.take())
            }
            if let answer { slot.resume(returning: answer) }
        }
        let woken = state.withLock { state in
            state.waking -= 1
            return state.wakeOne()
        }
        woken?.slot.resume(returning: woken?.job)
        return job
    }

    private func finish() {
        let (feeder, isIdle) = state.withLock { state in
            state.busy -= 1
            state.movements += 1
            return (state.takeFeeder(), state.busy == 0)
        }
        feeder?.resume()
        if isIdle { ended.raise() }
    }
}
