internal import Logging
internal import Metrics
internal import SMSVerification
internal import TaskQueue

/// Writes down the ends of jobs that no provider has answered for: who waits for a message is to know that none will come.
///
/// It follows the worker's events, so that it also knows of jobs that were never tried, such as those that have expired
/// in the queue.
final class JobEnds: TaskMiddleware {
    /// So many wait at most for Redis; the oldest go first.
    private static let longestLine = 100_000
    /// How long the program's end may wait for them.
    private static let longestDrain = Duration.seconds(1)

    private let records: DeliveryRecords
    private let logger: Logger
    private let ends: AsyncStream<JobEnd>
    private let line: AsyncStream<JobEnd>.Continuation
    private let isDone = Signal()

    init(records: DeliveryRecords, logger: Logger) {
        self.records = records
        self.logger = logger
        (ends, line) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.longestLine))
    }

    var wrapsAttempts: Bool { false }

    func observe(_ event: TaskEvent) {
        if let end = JobEnd(event) { line.yield(end) }
    }

    /// Writes until the task is cancelled, or ``drain()`` has nothing left.
    func run() async {
        for await end in ends {
            do {
                try await records.end(jobID: end.jobID, end.state, reason: end.reason)
            } catch {
                logger.warning("that task \(end.jobID) has ended is not written down: \(error)")
                Counter(label: "sms.records.failed").increment()
            }
        }
        isDone.raise()
    }

    /// Takes no more, and waits for a moment until the rest is written.
    func drain() async {
        line.finish()
        await isDone.wait(atMost: Self.longestDrain)
    }
}

/// The end of a job that has sent nothing, as far as is known.
private struct JobEnd: Sendable {
    var jobID: String
    var state: MessageState
    var reason: String

    private static let tasks: Set<String> = [sendCodeTask().name, sendSealedCodeTask().name]

    /// Nil for what is no such end, or another task's.
    init?(_ event: TaskEvent) {
        let mayHaveBeenSent: Bool
        switch event.kind {
        // A worker that died with it may have sent it.
        case .expired: mayHaveBeenSent = event.redeliveries > 0
        case .failed:
            mayHaveBeenSent = event.redeliveries > 0 || event.cause == "poison" || event.cause == "time-limit"
        case .held: mayHaveBeenSent = true
        case .rejected, .refused: mayHaveBeenSent = false
        default: return nil
        }
        guard let jobID = event.id, let task = event.task, Self.tasks.contains(task) else { return nil }
        self.jobID = jobID
        state = mayHaveBeenSent ? .unknown : .failed
        reason = event.cause ?? "expired"
    }
}
