public import Logging
public import RedisClient
public import ServiceLifecycle

/// Takes messages off queues and runs their tasks.
///
/// ```swift
/// var registry = TaskRegistry()
/// registry.register(greet) { greeting, _ in
///     print("Hello \(greeting.name)")
///     return greeting.times
/// }
/// let worker = TaskWorker(configuration, registry: registry, logger: logger)
/// await worker.run()          // or as one of the services of a ServiceGroup
/// ```
///
/// It survives every fault of Redis: it connects again and goes on. Told to stop (graceful shutdown), it takes nothing
/// more, lets running tasks finish within the grace time and gives back the rest to the head of the line; cancelled, it
/// gives back at once.
public final class TaskWorker: Service {
    /// How long the end may take after the tasks have ended. Short enough for who supervises the process to wait for it.
    private static let longestLeave = Duration.seconds(4)
    /// How much of that is for tasks to end that were cancelled.
    private static let longestEnd = Duration.seconds(1)

    /// The worker's name in Redis: its configured name and what tells this process from all others.
    public let id: String
    private let configuration: WorkerConfiguration
    let registry: TaskRegistry
    private let logger: Logger
    let client: RedisClient
    /// Of the results, where they are on another server or in another database.
    private let resultClient: RedisClient?
    private let results: ResultBackend?
    let queues: [WorkerQueue]
    private let slots: Slots
    private let limits: StartLimits
    private let observers: TaskObservers
    private let times = MeasuredTimes()
    private let counters = WorkerCounters()
    private let news = Signal()
    private let outage: OutageLog
    private let state = WorkerState()
    private let watch: WorkerWatch
    /// For tests of those who must notice that the worker stands still.
    package let faults = FaultSwitch()

    /// Makes a worker; ``run()`` starts it.
    public init(_ configuration: WorkerConfiguration, registry: TaskRegistry, logger: Logger) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
        let outage = OutageLog(logger: logger)
        let id = "\(configuration.name):\(TaskID.random().text.prefix(8))"
        var redis = configuration.broker
        redis.clientName = redis.clientName ?? id
        let client = RedisClient(redis, logger: logger)
        let clock = ServerClock()
        let limits = StartLimits(registry.options)
        // Twice under one name, a queue would have two that number its claims.
        var names: Set<String> = []
        queues = configuration.queues.filter { names.insert($0.name).inserted }.map { [news, counters, faults] share in
            WorkerQueue(
                share,
                broker: Broker(
                    keys: QueueKeys(queue: share.name), worker: id, client: client, clock: clock,
                    deadLetterLimits: configuration.deadLetterLimits),
                limits: limits, news: news, counters: counters, outage: outage, faults: faults, logger: logger)
        }
        resultClient = configuration.results.map { results in
            var redis = results.redis
            redis.clientName = redis.clientName ?? "\(id)/results"
            return RedisClient(redis, logger: logger)
        }
        results = configuration.results.flatMap { [resultClient] configuration in
            resultClient.map { ResultBackend(configuration, client: $0, clock: clock) }
        }
        slots = Slots(configuration.concurrency)
        observers = TaskObservers([TaskLog(logger: logger), times] + configuration.middleware)
        watch = WorkerWatch(configuration, queues: queues, slots: slots)
        self.id = id
        self.client = client
        self.limits = limits
        self.outage = outage
    }

    /// How many tasks run now.
    public var runningTasks: Int { slots.busy }

    /// What it has done beside its tasks.
    public var counts: WorkerCounts { counters.counts }

    /// How its connections to the broker fare.
    public var brokerStatus: RedisClientStatus { client.status }

    /// True while the worker reaches Redis and takes messages, or honestly waits for a free place or an end of the pause.
    public var isConsuming: Bool { state.isConsuming }

    /// Returns once ``isConsuming`` is true.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before.
    public func waitUntilConsuming() async throws {
        try await state.waitUntilConsuming()
    }

    /// Why the worker does not do its work although it could, in words for an operator; nil while it does, also while it
    /// honestly waits or Redis is away: for a watchdog, which makes a new process of one that is stuck.
    ///
    /// It asks nothing of Redis unless Redis has not answered the worker for a while.
    public func standstill() async -> String? {
        guard state.isRunning, !state.isStopping else { return nil }
        return await watch.standstill()
    }

    /// True once the worker takes nothing more.
    var isStopping: Bool { state.isStopping }

    /// Answers when the broker does; for readiness checks.
    public func ping() async throws(RedisError) {
        try await client.ping()
    }

    /// Works until the service is shut down or the task is cancelled.
    public func run() async {
        watch.begin()
        state.isRunning = true
        defer { state.isRunning = false }
        // Not child tasks: when this task is cancelled, the connections must live on until everything was given back.
        let connections = [client, resultClient].compactMap { $0 }.map { client in Task { await client.run() } }
        let settling = Task(executorPreference: RedisEventLoop.shared) { [queues] in
            await inParallel(queues) { await $0.settler.run() }
        }
        let watching = Task(executorPreference: RedisEventLoop.shared) { [queues, slots] in
            await inParallel(queues) { [slots] in await $0.watchArrivals { slots.free > 0 } }
        }
        await withDiscardingTaskGroup { background in
            for queue in queues {
                background.addTask { await queue.keepLease() }
                background.addTask { await queue.promote() }
                background.addTask { [self] in await takeover(of: queue).run() }
                background.addTask { [self] in await recorder(of: queue).run() }
            }
            background.addTask { [self] in await listen() }
            await work()
            background.cancelAll()
        }
        state.isConsuming = false
        // In a task of its own, which a cancellation of this one does not reach.
        await Task { await leave(watching) }.value
        settling.cancel()
        for connection in connections { connection.cancel() }
        _ = await (watching.value, settling.value)
        for connection in connections { await connection.value }
    }

    // MARK: - Working

    private func work() async {
        let execution = TaskExecution(
            registry: registry, limits: limits, results: results, observers: observers, outage: outage,
            acknowledgement: configuration.acknowledgement, executor: configuration.executor)
        let feeder = Feeder(
            queues: queues, configuration: configuration, slots: slots, limits: limits, state: state, news: news,
            outage: outage, faults: faults)
        // Not child tasks: a body that heeds no cancellation must not keep the worker from giving back what it holds.
        let tasks = (0..<configuration.concurrency).map { _ in
            Task(executorPreference: configuration.executor) { [slots] in
                await slots.work { job in
                    await execution.run(job)
                    if job.queue.holdings.isInDoubt { job.queue.notice() }
                }
            }
        }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await withTaskExecutorPreference(RedisEventLoop.shared) { await feeder.run() }
            } onGracefulShutdown: { [self] in
                stopTaking()
            }
        } onCancel: {
            stopTaking()
        }
        slots.close()
        await drain()
        for task in tasks { task.cancel() }
    }

    private func stopTaking() {
        state.isStopping = true
        news.raise()
        slots.wakeUp()
    }

    /// Gives running tasks the grace time to finish.
    private func drain() async {
        guard !Task.isCancelled, slots.busy > 0 else { return }
        logger.info("stopping: \(slots.busy) tasks still run, waiting for them up to \(configuration.grace)")
        await slots.waitUntilAllFree(atMost: configuration.grace)
    }

    /// Hears what other workers and people tell, until the task is cancelled.
    private func listen() async {
        await client.subscribe(to: queues.map(\.broker.keys.wakeUps)) { [queues] events in
            for await event in events {
                for queue in queues {
                    if case .message(let message) = event, message.channel != queue.broker.keys.wakeUps { continue }
                    queue.promoter.lookAgain()
                }
            }
        }
    }

    private func recorder(of queue: WorkerQueue) -> HistoryRecorder {
        HistoryRecorder(
            broker: queue.broker, holdings: queue.holdings, times: times, slot: configuration.historySlot)
    }

    private func takeover(of queue: WorkerQueue) -> Takeover {
        Takeover(
            broker: queue.broker, registry: registry, results: results,
            maximumRedeliveries: configuration.maximumRedeliveries, logger: logger, observers: observers,
            counters: counters)
    }

    // MARK: - Leaving

    /// Settles what is done and gives back the rest. Redis may be away: then other workers take it over.
    private func leave(_ watching: Task<Void, Never>) async {
        let finished = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                watching.cancel()
                // What was cancelled may still settle something.
                await slots.waitUntilAllFree(atMost: Self.longestEnd)
                await watching.value
                for queue in queues { await queue.settler.waitUntilIdle() }
                var count = 0
                for queue in queues {
                    guard let given = await giveBack(queue) else { return false }
                    count += given
                }
                if count > 0 { logger.info("Restoring \(count) unacknowledged message(s)") }
                return true
            }
            group.addTask {
                try? await Task.sleep(for: Self.longestLeave)
                return false
            }
            let finished = await group.next() ?? false
            group.cancelAll()
            return finished
        }
        for queue in queues { queue.leave() }
        if !finished { logger.warning("cannot give back what is claimed; other workers take it over") }
    }

    /// Returns how many messages went back, nil when Redis did not take them.
    private func giveBack(_ queue: WorkerQueue) async -> Int? {
        do throws(RedisError) {
            try await takeover(of: queue).holdUnknown()
            return try await queue.broker.giveBack(isFinal: !queue.arrivals.isInDoubt)
        } catch {
            return nil
        }
    }
}

/// Does the same with all, side by side.
private func inParallel(_ queues: [WorkerQueue], _ body: @escaping @Sendable (WorkerQueue) async -> Void) async {
    await withDiscardingTaskGroup { group in
        for queue in queues { group.addTask { await body(queue) } }
    }
}
