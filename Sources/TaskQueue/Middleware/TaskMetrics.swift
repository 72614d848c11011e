public import CoreMetrics
internal import Metrics
import Synchronization

/// Counts how tasks end and measures how long they take, in swift-metrics.
///
/// `tasks`, a counter with `task`, `queue` and `outcome` (`succeeded`, `retried`, `failed`, `rejected`, `held`,
/// `expired`, `lost`, `refused`), and `task.duration`, a timer with `task`, of attempts that have succeeded.
public struct TaskMetrics: TaskMiddleware {
    private let instruments: Instruments

    /// Reports to that factory, by default the process' own, which must have been set up before.
    public init(factory: any MetricsFactory = MetricsSystem.factory) {
        instruments = Instruments(factory: factory)
    }

    public var wrapsAttempts: Bool { false }

    public func observe(_ event: TaskEvent) {
        guard let outcome = Self.outcome(of: event.kind) else { return }
        // Whoever sends tasks that nobody knows must not make a new series with each.
        let task = outcome == "refused" ? "" : event.task ?? ""
        instruments.counter(task: task, queue: event.queue, outcome: outcome).increment()
        if case .succeeded(_, let duration) = event.kind {
            instruments.timer(task: task).recordNanoseconds(Int64(duration / .nanoseconds(1)))
        }
    }

    private static func outcome(of kind: TaskEvent.Kind) -> String? {
        switch kind {
        case .succeeded: "succeeded"
        case .retried: "retried"
        case .failed: "failed"
        case .rejected: "rejected"
        case .held: "held"
        case .expired: "expired"
        case .lost: "lost"
        case .refused: "refused"
        case .received, .scheduled, .limited, .started, .timeLimitExceeded: nil
        }
    }
}

/// The counters and timers in use: to look one up in the metrics system each time would cost more than to count.
private final class Instruments: Sendable {
    private struct Key: Hashable {
        var task: String
        var queue: String
        var outcome: String
    }

    private let factory: any MetricsFactory
    private let counters = Mutex<[Key: Counter]>([:])
    private let timers = Mutex<[String: Timer]>([:])

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    func counter(task: String, queue: String, outcome: String) -> Counter {
        let key = Key(task: task, queue: queue, outcome: outcome)
        return counters.withLock { counters in
            if let counter = counters[key] { return counter }
            let counter = Counter(
                label: "tasks", dimensions: [("task", task), ("queue", queue), ("outcome", outcome)],
                factory: factory)
            counters[key] = counter
            return counter
        }
    }

    func timer(task: String) -> Timer {
        timers.withLock { timers in
            if let timer = timers[task] { return timer }
            let timer = Timer(label: "task.duration", dimensions: [("task", task)], factory: factory)
            timers[task] = timer
            return timer
        }
    }
}
