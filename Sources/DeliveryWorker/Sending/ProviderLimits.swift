internal import DequeModule
internal import Metrics
internal import RedisClient
internal import SMSProviders
internal import Synchronization
internal import TaskQueue

/// The limits of the providers' calls, which all workers of a broker share in Redis. Without any nothing is asked there.
///
/// `sms:rate:<provider>` counts the calls in a time, `sms:calls:<provider>` says which worker may have how many at once.
final class ProviderLimits: CallLimits {
    private struct Limit {
        var rate: SharedRate?
        var places: SharedPlaces?
    }

    private let limits: [String: Limit]
    private let metrics: any MetricsFactory
    /// Those who wait for any provider, the one that has waited longest at the head.
    private let line = Mutex<Deque<Signal>>([])

    /// Nil when no provider has a limit.
    ///
    /// - Parameters:
    ///   - worker: What tells this worker from all others.
    ///   - metrics: Where waits are counted.
    init?(
        _ policy: SendingPolicy, worker: String, client: RedisClient,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        var limits: [String: Limit] = [:]
        for (provider, share) in policy.shares where share.rate != nil || share.concurrency != nil {
            let name = provider.rawValue
            limits[name] = Limit(
                rate: share.rate.map { SharedRate($0.limit, key: "sms:rate:\(name)", client: client) },
                places: share.concurrency.map {
                    SharedPlaces($0, key: "sms:calls:\(name)", worker: worker, client: client)
                })
        }
        guard !limits.isEmpty else { return nil }
        self.limits = limits
        self.metrics = metrics
    }

    func enter(_ provider: String, for message: OutgoingMessage) async -> Duration? {
        guard let limit = limits[provider] else { return nil }
        if let wait = await limit.places?.enter() {
            count(message, provider, "concurrency")
            return wait
        }
        // A start that is used up cannot be given back, a place can.
        if let wait = await limit.rate?.start() {
            leave(provider)
            count(message, provider, "rate")
            return wait
        }
        return nil
    }

    func leave(_ provider: String) {
        guard let places = limits[provider]?.places else { return }
        places.leave()
        line.withLock { $0.popFirst() }?.raise()
    }

    /// Waits until a place is free again, so much time has passed or the task is cancelled.
    func waitForPlace(atMost limit: Duration) async {
        let signal = Signal()
        line.withLock { $0.append(signal) }
        await signal.wait(atMost: limit)
        line.withLock { $0.removeAll { $0 === signal } }
    }

    /// Holds the places that this worker uses, until the task is cancelled.
    func keep() async {
        await withDiscardingTaskGroup { group in
            for limit in limits.values {
                guard let places = limit.places else { continue }
                group.addTask { await places.keep() }
            }
        }
    }

    /// Gives back the places, as the worker ends. Redis may be away: then they are free when their time is over.
    func release() async {
        let isDone = Signal()
        Task {
            for limit in limits.values { await limit.places?.release() }
            isDone.raise()
        }
        await isDone.wait(atMost: .seconds(1))
    }

    /// Counts a message's wait once, however often it asks meanwhile.
    private func count(_ message: OutgoingMessage, _ provider: String, _ limit: String) {
        guard !message.hasWaited else { return }
        Counter(
            label: "sms.limit_waits", dimensions: [("provider", provider), ("limit", limit)], factory: metrics
        ).increment()
    }
}
