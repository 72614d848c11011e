internal import Logging
internal import RedisClient
import Synchronization

/// One of the queues that a worker takes messages from, and what it does there.
final class WorkerQueue: Sendable {
    private struct State {
        /// The last look may have left messages.
        var mayHaveMessages = true
        /// A message may have come since the last look began.
        var hasArrived = false
        var isSetAside = false
        var hasLeft = false
        var linesWithoutLimits: [StartLimits.Task] = []
    }

    let share: QueueShare
    let broker: Broker
    let holdings = Holdings()
    let lease = LeaseClock()
    let settler: Settler
    let arrivals: Arrivals
    let promoter: Promoter
    let fetchPulse: LoopPulse
    private let leasePulse: LoopPulse
    private let faults: FaultSwitch
    private let limits: StartLimits
    private let news: Signal
    private let counters: WorkerCounters
    private let state = Mutex(State())

    /// - Parameter news: Raised when there may be something to claim.
    init(
        _ share: QueueShare, broker: Broker, limits: StartLimits, news: Signal, counters: WorkerCounters,
        outage: OutageLog, faults: FaultSwitch, logger: Logger
    ) {
        self.share = share
        self.broker = broker
        self.limits = limits
        self.news = news
        self.counters = counters
        settler = Settler(broker: broker, holdings: holdings, logger: logger, outage: outage)
        arrivals = Arrivals(broker: broker, lease: lease, outage: outage)
        promoter = Promoter(broker: broker, limits: limits, faults: faults)
        fetchPulse = LoopPulse("takes messages from the queue \(share.name)")
        leasePulse = LoopPulse("keeps the worker's lease of the queue \(share.name)")
        self.faults = faults
    }

    var name: String { share.name }

    /// The loops that must come round.
    var pulses: [LoopPulse] { [fetchPulse, leasePulse, promoter.pulse] }

    /// False while it is known to be empty: then a message that comes is noticed.
    var mayHaveMessages: Bool { state.withLock { $0.mayHaveMessages } }

    /// Lines of tasks that had limits once and have none in this worker: what waits there waits for nothing.
    var linesWithoutLimits: [StartLimits.Task] { state.withLock { $0.linesWithoutLimits } }

    /// A look begins: what is noticed from now on is news.
    func beginLook() {
        state.withLock { state in
            state.mayHaveMessages = false
            state.hasArrived = false
        }
    }

    /// The look may have left something, or has failed.
    func noteMore() {
        state.withLock { $0.mayHaveMessages = true }
    }

    /// There may be something to claim.
    func notice() {
        state.withLock { $0.mayHaveMessages = true }
        news.raise()
    }

    /// Nothing was left: from now on the arrival of a message is noticed.
    func noteEmpty() {
        state.withLock { $0.isSetAside = false }
        arrivals.want()
    }

    /// Nothing may be claimed, or it refuses: others have their turn, and it is looked at again soon.
    func setAside() {
        state.withLock { state in
            state.mayHaveMessages = false
            state.isSetAside = true
        }
    }

    /// The worker has given back what it held of it.
    var hasLeft: Bool { state.withLock { $0.hasLeft } }

    func leave() {
        state.withLock { $0.hasLeft = true }
    }

    func renewLease() async throws(RedisError) {
        let now = ContinuousClock.now
        do throws(RedisError) {
            try await broker.renewLease()
        } catch {
            counters.noteFailedLeaseRenewal()
            throw error
        }
        counters.noteLeaseRenewal()
        lease.renewed(sentAt: now)
    }

    // MARK: - In the background

    /// Keeps the worker's lease until the task is cancelled.
    func keepLease() async {
        while !Task.isCancelled {
            do throws(RedisError) {
                try await renewLease()
                leasePulse.beat()
            } catch {
                leasePulse.beat(answered: error.isAnswer)
            }
            try? await Task.sleep(for: Broker.leaseRenewal)
        }
    }

    /// Notices messages that arrive, until the task is cancelled. While the worker has no room, as when something else
    /// came first, they go back for others to take.
    func watchArrivals(hasRoom: @escaping @Sendable () -> Bool) async {
        await arrivals.run { [self] in
            await faults.pass(.arrivals)
            state.withLock { $0.hasArrived = true }
            if !hasRoom() { try? await broker.returnArriving() }
            notice()
        }
    }

    /// Gives back what came while the last place was taken: nobody has looked after it yet.
    func returnLateArrivals() async {
        if state.withLock({ $0.hasArrived }) { try? await broker.returnArriving() }
    }

    /// Moves what is due, until the task is cancelled.
    func promote() async {
        await promoter.run { [self] upcoming in
            let (isSetAside, hasLines) = state.withLock { state in
                state.linesWithoutLimits = limits.withoutLimits(upcoming.tasksWithLine)
                return (state.isSetAside, !state.linesWithoutLimits.isEmpty)
            }
            // A task that waits for its limits may start now; or what it was set aside for may be over.
            if upcoming.start == .zero || isSetAside || hasLines { notice() }
        }
    }
}

/// A queue that a worker takes messages from, and how much of its attention it gets.
public struct QueueShare: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The queue's name.
    public var name: String
    /// With ``WorkerConfiguration/QueueOrder/weighted``: of all that a busy worker takes, its share is its weight in the
    /// sum of the weights of the queues that have messages.
    public var weight: Int

    /// A queue of that weight, at least 1.
    public init(_ name: String, weight: Int = 1) {
        self.name = name
        self.weight = max(1, weight)
    }

    public init(stringLiteral name: String) {
        self.init(name)
    }
}
