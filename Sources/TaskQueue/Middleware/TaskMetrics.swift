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
    private let factory: any MetricsFactory
    private let waits = Instruments<String, Timer>()
    private let successes = Instruments<Line, Success>()
    private let ends = Instruments<End, Counter>()
    private let causes = Instruments<Cause, Counter>()

    private enum Outcome: String {
        case succeeded, retried, failed, rejected, held, expired, lost, refused

        init?(_ kind: TaskEvent.Kind) {
            switch kind {
            case .succeeded: self = .succeeded
            case .retried: self = .retried
            case .failed: self = .failed
            case .rejected: self = .rejected
            case .held: self = .held
            case .expired: self = .expired
            case .lost: self = .lost
            case .refused: self = .refused
            case .received, .scheduled, .limited, .started, .timeLimitExceeded, .interrupted: return nil
            }
        }
    }

    private struct Line: Hashable {
        let task: String
        let queue: String
    }

    /// What is by far the most frequent end.
    private struct Success {
        let count: Counter
        let duration: Timer
    }

    private struct End: Hashable {
        let line: Line
        let outcome: Outcome
    }

    private struct Cause: Hashable {
        enum Kind: Hashable { case retry, death }

        let kind: Kind
        let task: String
        let cause: String
    }

    /// Reports to that factory, by default the process' own, which must have been set up before.
    public init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    public var wrapsAttempts: Bool { false }

    public func observe(_ event: TaskEvent) {
        if case .started = event.kind, let waited = event.waitedMicroseconds {
            waits.of(event.queue) { Timer(label: "task.wait", dimensions: [("queue", $0)], factory: factory) }
                .recordMicroseconds(waited)
        }
        guard let outcome = Outcome(event.kind) else { return }
        // Whoever sends tasks that nobody knows must not make a new series with each.
        let task = outcome == .refused ? "" : event.task ?? ""
        let line = Line(task: task, queue: event.queue)
        switch event.kind {
        case .succeeded(_, let duration):
            let success = successes.of(line) { line in
                Success(
                    count: counter(of: End(line: line, outcome: .succeeded)),
                    duration: Timer(label: "task.duration", dimensions: [("task", line.task)], factory: factory))
            }
            success.count.increment()
            return success.duration.record(duration: duration)
        case .retried: count(Cause(kind: .retry, task: task, cause: event.cause ?? ""))
        case .failed, .rejected, .held, .refused: count(Cause(kind: .death, task: task, cause: event.cause ?? ""))
        default: break
        }
        ends.of(End(line: line, outcome: outcome), make: counter).increment()
    }

    private func counter(of end: End) -> Counter {
        Counter(
            label: "tasks",
            dimensions: [("task", end.line.task), ("queue", end.line.queue), ("outcome", end.outcome.rawValue)],
            factory: factory)
    }

    private func count(_ cause: Cause) {
        causes.of(cause) { cause in
            switch cause.kind {
            case .retry:
                Counter(
                    label: "task.retries", dimensions: [("task", cause.task), ("cause", cause.cause)], factory: factory)
            case .death:
                Counter(
                    label: "task.deaths", dimensions: [("task", cause.task), ("reason", cause.cause)], factory: factory)
            }
        }.increment()
    }
}

/// The instruments in use: to look one up in the metrics system each time would cost more than to count.
private final class Instruments<Key: Hashable & Sendable, Instrument: Sendable>: Sendable {
    private struct State {
        var known: [Key: Instrument] = [:]
        /// Most often it is asked for again: then nothing has to be hashed.
        var last: (key: Key, instrument: Instrument)?
    }

    private let state = Mutex(State())

    /// The one of that key, made when it is new.
    func of(_ key: Key, make: (Key) -> Instrument) -> Instrument {
        state.withLock { state in
            if let last = state.last, last.key == key { return last.instrument }
            let known = state.known[key]
            let instrument = known ?? make(key)
            if known == nil { state.known[key] = instrument }
            state.last = (key, instrument)
            return instrument
        }
    }
}
