public import Logging
public import RedisClient
public import ServiceLifecycle
import Synchronization

/// Puts periodic tasks on their queues when they are due.
///
/// ```swift
/// let scheduler = try PeriodicScheduler(broker: broker, tasks: [report], logger: logger)
/// try await ServiceGroup(services: [worker, scheduler], logger: logger).run()
/// ```
///
/// Several may run for one queue, with the same tasks, in workers or on their own: one of them leads and sends, the
/// others wait to follow. Each due time is sent once, whoever leads; the clock of the Redis server decides what is due.
/// Told to stop, a leader gives way at once; when it crashes, another one follows within ten seconds. It survives every
/// fault of Redis.
public final class PeriodicScheduler: Service {
    /// How often a leader renews its lease.
    private static let renewal = Duration.seconds(3)
    /// How often the others look whether they may lead.
    private static let look = Duration.seconds(1)
    /// How soon a task is tried again that Redis refused.
    private static let retry = Duration.seconds(1)
    /// Shorter than a lease less a renewal, so that a leader whose connection hangs has time for another one.
    private static let longestCommand = Duration.seconds(3)

    /// The scheduler's name in Redis: its name and what tells this process from all others.
    public let id: String
    private let tasks: [PeriodicTask]
    private let logger: Logger
    private let client: RedisClient
    private let broker: PeriodicBroker
    private let outage: OutageLog
    private let leads = Atomic<Bool>(false)

    /// Makes a scheduler; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - broker: Where the queue is.
    ///   - queue: The queue whose schedulers take turns, and to which tasks go that name no other.
    ///   - tasks: All periodic tasks of the queue.
    ///   - name: What it is called in Redis, such as `name@host`.
    ///   - logger: Tells what is sent.
    /// - Throws: ``PeriodicTaskError`` when a name comes twice.
    public init(
        broker: RedisConfiguration, queue: String = "celery", tasks: [PeriodicTask], name: String = "scheduler",
        logger: Logger
    ) throws(PeriodicTaskError) {
        try tasks.checkNames()
        self.tasks = tasks
        self.logger = logger
        outage = OutageLog(logger: logger)
        id = "\(name):\(TaskID.random().text.prefix(8))"
        var redis = broker
        redis.clientName = redis.clientName ?? id
        redis.commandTimeout = min(redis.commandTimeout, Self.longestCommand)
        client = RedisClient(redis, logger: logger)
        self.broker = PeriodicBroker(keys: QueueKeys(queue: queue), scheduler: id, client: client)
    }

    /// True while this scheduler is the one that sends.
    public var isLeading: Bool { leads.load(ordering: .relaxed) }

    /// Sends what is due until the service is shut down or the task is cancelled.
    public func run() async {
        // Not a child task: when this task is cancelled, the connection must live on until the leadership was given up.
        let connection = Task { await client.run() }
        await cancelWhenGracefulShutdown { [self] in await keepSending() }
        // In a task of its own, which a cancellation of this one does not reach.
        await Task { await resign() }.value
        connection.cancel()
        await connection.value
    }

    private func keepSending() async {
        var backoff = RetryBackoff()
        backoff.longest = .seconds(2)
        var generator = SystemRandomNumberGenerator()
        var failures = 0
        while !Task.isCancelled {
            do throws(RedisError) {
                let next = try await sendWhatIsDue()
                failures = 0
                try? await Task.sleep(until: next, clock: .continuous)
            } catch {
                guard !Task.isCancelled else { return }
                note(isLeading: false)
                outage.report("scheduler: Cannot send periodic tasks: \(error)")
                try? await Task.sleep(for: backoff.pause(beforeRetry: failures, using: &generator))
                failures += 1
            }
        }
    }

    /// Returns when to look again.
    private func sendWhatIsDue() async throws(RedisError) -> ContinuousClock.Instant {
        switch try await broker.lead(tasks) {
        case .follows(let remaining):
            note(isLeading: false)
            return .now + max(.milliseconds(1), min(remaining ?? Self.look, Self.look))
        case .leads(let now, let records):
            // The server's clock and this one, at about the same moment.
            let answered = ContinuousClock.now
            note(isLeading: true)
            var pause = Self.renewal
            for (task, record) in zip(tasks, records) {
                if let runs = task.dueRuns(after: record.time, upTo: now) {
                    pause = min(pause, try await send(task, runs, after: record))
                }
                // The record may be a little ahead of the clock, where another server had been the master.
                if let next = task.schedule.next(after: max(now, record.time)) { pause = min(pause, next.since(now)) }
            }
            return answered + pause
        }
    }

    /// Returns after how long to look again, at the latest.
    private func send(
        _ task: PeriodicTask, _ runs: DueRuns, after record: PeriodicBroker.Record
    ) async throws(RedisError) -> Duration {
        do throws(RedisError) {
            guard try await broker.fire(task, runs, after: record) else { return .zero }
        } catch {
            // Others may go to lists that take them.
            guard error.code == .refused else { throw error }
            outage.report("scheduler: Cannot send periodic task \(task.name): \(error)")
            return Self.retry
        }
        if let missed = runs.missed {
            logger.warning(
                "Scheduler: \(task.name) was missed from \(missed.lowerBound.text) to \(missed.upperBound.text)",
                metadata: ["policy": "\(task.missedRuns)"])
        }
        for _ in runs.sent { logger.info("Scheduler: Sending due task \(task.name) (\(task.task))") }
        return Self.renewal
    }

    private func note(isLeading: Bool) {
        guard leads.exchange(isLeading, ordering: .relaxed) != isLeading else { return }
        let message: Logger.Message =
            isLeading ? "Scheduler: leading, with \(tasks.count) periodic tasks" : "Scheduler: no longer leading"
        logger.info(message, metadata: ["scheduler": "\(id)"])
    }

    /// Redis may be away: then the lease runs out.
    private func resign() async {
        try? await broker.resign()
        note(isLeading: false)
    }
}
