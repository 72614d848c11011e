public import CoreMetrics
internal import Metrics
import Synchronization

/// Counts how tasks end and measures how long they wait and take, in swift-metrics.
///
/// | name | kind, dimensions | what |
/// | --- | --- | --- |
/// | `tasks` | counter: `task`, `queue`, `outcome` | attempts by their end: `succeeded`, `retried`, `failed`, `rejected`, `held`, `expired`, `lost`, `refused` |
/// | `task.retries` | counter: `task`, `cause` | why attempts are repeated: ``TaskRetry/cause``, `time-limit`, or `error` for other errors |
/// | `task.deaths` | counter: `task`, `reason` | messages that became dead letters |
/// | `task.wait` | timer: `queue` | from when a message could have been run to the start of an attempt, of those whose sender says when it was sent |
/// | `task.duration` | timer: `task` | attempts that have succeeded |
public struct TaskMetrics: TaskMiddleware {
    private let instruments: Instruments

    /// Reports to that factory, by default the process' own, which must have been set up before.
    public init(factory: any MetricsFactory = MetricsSystem.factory) {
        instruments = Instruments(factory: factory)
    }

    public var wrapsAttempts: Bool { false }

    public func observe(_ event: TaskEvent) {
        if case .started = event.kind, let waited = event.waited {
            instruments.timer("task.wait", [("queue", event.queue)]).record(duration: waited)
        }
        guard let outcome = Self.outcome(of: event.kind) else { return }
        // Whoever sends tasks that nobody knows must not make a new series with each.
        let task = outcome == "refused" ? "" : event.task ?? ""
        instruments.count("tasks", [("task", task), ("queue", event.queue), ("outcome", outcome)])
        switch event.kind {
        case .succeeded(_, let duration):
            instruments.timer("task.duration", [("task", task)]).record(duration: duration)
        case .retried: instruments.count("task.retries", [("task", task), ("cause", event.cause ?? "")])
        case .failed, .rejected, .held, .refused:
            instruments.count("task.deaths", [("task", task), ("reason", event.cause ?? "")])
        default: break
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
        let label: String
        let values: [String]

        init(_ label: String, _ dimensions: [(String, String)]) {
            self.label = label
            values = dimensions.map(\.1)
        }
    }

    private let factory: any MetricsFactory
    private let counters = Mutex<[Key: Counter]>([:])
    private let timers = Mutex<[Key: Timer]>([:])

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    func count(_ label: String, _ dimensions: [(String, String)]) {
        let key = Key(label, dimensions)
        let counter = counters.withLock { counters in
            if let counter = counters[key] { return counter }
            let counter = Counter(label: label, dimensions: dimensions, factory: factory)
            counters[key] = counter
            return counter
        }
        counter.increment()
    }

    func timer(_ label: String, _ dimensions: [(String, String)]) -> Timer {
        let key = Key(label, dimensions)
        return timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Timer(label: label, dimensions: dimensions, factory: factory)
            timers[key] = timer
            return timer
        }
    }
}
