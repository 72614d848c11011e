import Synchronization

/// What a worker has done beside its tasks since it started, for metrics: see ``TaskWorker/counts``.
public struct WorkerCounts: Sendable, Hashable {
    /// How often a lease was renewed, over all queues.
    public var leaseRenewals: Int
    /// How often that has failed.
    public var failedLeaseRenewals: Int
    /// How many dead workers it has struck off.
    public var deadWorkers: Int
    /// How many of their messages it has taken over.
    public var takenOver: Int
}

/// Counts it, for many at once.
final class WorkerCounters: Sendable {
    private let leaseRenewals = Atomic<Int>(0)
    private let failedLeaseRenewals = Atomic<Int>(0)
    private let deadWorkers = Atomic<Int>(0)
    private let takenOver = Atomic<Int>(0)

    func noteLeaseRenewal() { leaseRenewals.add(1, ordering: .relaxed) }
    func noteFailedLeaseRenewal() { failedLeaseRenewals.add(1, ordering: .relaxed) }

    func noteTakeover(of messages: Int, isForgotten: Bool) {
        takenOver.add(messages, ordering: .relaxed)
        if isForgotten { deadWorkers.add(1, ordering: .relaxed) }
    }

    var counts: WorkerCounts {
        WorkerCounts(
            leaseRenewals: leaseRenewals.load(ordering: .relaxed),
            failedLeaseRenewals: failedLeaseRenewals.load(ordering: .relaxed),
            deadWorkers: deadWorkers.load(ordering: .relaxed), takenOver: takenOver.load(ordering: .relaxed))
    }
}
