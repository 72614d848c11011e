internal import Logging
internal import Metrics
internal import SMSVerification
internal import Synchronization
internal import TaskQueue

/// Writes down the ends of jobs that no provider has answered for: who waits for a message is to know that none will come.
///
/// It follows the worker's events, so that it also knows of jobs that were never tried, such as those that have expired
/// in the queue.
final class JobEnds: TaskMiddleware {
    /// How long the program's end may wait for them.
    private static let longestDrain = Duration.seconds(1)

    private let records: DeliveryRecords
    private let providers: [String]
    private let metrics: any MetricsFactory
    private let logger: Logger
    private let waiting = Atomic(0)
    private let ends: AsyncStream<JobEnd>
    private let line: AsyncStream<JobEnd>.Continuation
    private let isDone = Signal()

    /// - Parameters:
    ///   - providers: Those that may have been called.
    ///   - longestLine: So many wait at most for Redis; the oldest go first.
    init(
        records: DeliveryRecords, providers: [String], longestLine: Int = 100_000,
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) {
        self.records = records
        self.providers = providers
        self.metrics = metrics
        self.logger = logger
        (ends, line) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(longestLine))
    }

    var wrapsAttempts: Bool { false }

    func observe(_ event: TaskEvent) {
        guard let end = JobEnd(event) else { return }
        switch line.yield(end) {
        case .enqueued: waiting.add(1, ordering: .relaxed)
        case .dropped: lose(1, "too many wait for the broker")
        default: lose(1, "the worker stops")
        }
    }

    /// Writes until the task is cancelled, or ``drain()`` has nothing left.
    func run() async {
        for await end in ends {
            waiting.subtract(1, ordering: .relaxed)
            do {
                try await records.end(jobID: end.jobID, end.state, reason: end.reason, providers: providers)
            } catch {
                logger.warning("that task \(end.jobID) has ended is not written down: \(error)")
                count(1)
            }
        }
        isDone.raise()
    }

    private func lose(_ ends: Int, _ reason: String) {
        logger.warning("that tasks have ended is not written down of \(ends): \(reason)")
        count(ends)
    }

    private func count(_ ends: Int) {
        Counter(label: "sms.records.failed", factory: metrics).increment(by: ends)
    }

    /// Takes no more, and waits for a moment until the rest is written.
    func drain() async {
        line.finish()
        guard await !isDone.wait(atMost: Self.longestDrain) else { return }
        let left = waiting.load(ordering: .relaxed)
        if left > 0 { lose(left, "the broker did not take them before the worker stopped") }
    }
}

/// The end of a job, or of a stopping worker's part in it, without a provider's answer.
private struct JobEnd: Sendable {
    var jobID: String
    var state: MessageState
    var reason: String

    private static let tasks: Set<String> = [sendCodeTask().name, sendSealedCodeTask().name]

    /// Nil for what is no such end, or another task's.
    init?(_ event: TaskEvent) {
        switch event.kind {
        case .expired, .failed, .held, .rejected, .refused: reason = event.cause ?? "expired"
        // Another worker goes on with it, unless it was acknowledged early. Until then, or for good, somebody is to know
        // that a message may be on its way.
        case .interrupted where event.mayHaveHadEffect: reason = "interrupted"
        default: return nil
        }
        guard let jobID = event.id, let task = event.task, Self.tasks.contains(task) else { return nil }
        self.jobID = jobID
        state = event.mayHaveHadEffect ? .unknown : .failed
    }
}
