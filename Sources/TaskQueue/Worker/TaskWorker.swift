public import Logging
public import RedisClient
public import ServiceLifecycle

/// Takes messages off a queue and runs their tasks.
///
/// ```swift
/// var registry = TaskRegistry()
/// registry.register(greet) { greeting, _ in print("Hello \(greeting.name)") ; return 0 }
/// let worker = TaskWorker(configuration, registry: registry, logger: logger)
/// try await worker.run()          // or as one of the services of a ServiceGroup
/// ```
///
/// It survives every fault of Redis: it connects again and goes on. Told to stop (graceful shutdown), it takes nothing
/// more, lets running tasks finish within the grace time and gives back the rest to the head of the line; cancelled, it
/// gives back at once.
public final class TaskWorker: Service {
    /// How often the claims in Redis are compared with those that this process works on.
    private static let lookPeriod = Duration.seconds(10)

    /// How long the end may take after the tasks have ended. Short enough for who supervises the process to wait for it.
    private static let longestLeave = Duration.seconds(4)

    /// The worker's name in Redis: its configured name and what tells this process from all others.
    public let id: String
    private let configuration: WorkerConfiguration
    private let registry: TaskRegistry
    private let logger: Logger
    private let client: RedisClient
    private let broker: Broker
    private let slots: Slots
    private let holdings = Holdings()
    private let lease = LeaseClock()
    private let outage: OutageLog
    private let state = WorkerState()

    /// Makes a worker; ``run()`` starts it.
    public init(_ configuration: WorkerConfiguration, registry: TaskRegistry, logger: Logger) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
        outage = OutageLog(logger: logger)
        id = "\(configuration.name):\(TaskID.random().text.prefix(8))"
        var redis = configuration.broker
        redis.clientName = redis.clientName ?? id
        client = RedisClient(redis, logger: logger)
        broker = Broker(
            keys: QueueKeys(queue: configuration.queue), worker: id, client: client,
            deadLetterLimits: configuration.deadLetterLimits)
        slots = Slots(configuration.concurrency)
    }

    /// How many tasks run now.
    public var runningTasks: Int { slots.busy }

    /// True while the worker reaches Redis and takes messages, or honestly waits for a free place or an end of the pause.
    public var isConsuming: Bool { state.isConsuming }

    /// Returns once ``isConsuming`` is true.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before.
    public func waitUntilConsuming() async throws {
        try await state.waitUntilConsuming()
    }

    /// True once the worker takes nothing more.
    var isStopping: Bool { state.isStopping }

    /// Answers when the broker does; for readiness checks.
    public func ping() async throws(RedisError) {
        try await client.ping()
    }

    /// Works until the service is shut down or the task is cancelled.
    public func run() async {
        // Not a child task: when this task is cancelled, the connection must live on until everything was given back.
        let connection = Task { await client.run() }
        let settler = Settler(broker: broker, holdings: holdings, logger: logger, outage: outage)
        let arrivals = Arrivals(broker: broker, lease: lease, outage: outage)
        let promoter = Promoter(broker: broker)
        let settling = Task { await settler.run() }
        let watching = Task { await arrivals.run() }
        await withDiscardingTaskGroup { background in
            background.addTask { [self] in await keepLease() }
            background.addTask { await promoter.run() }
            background.addTask { [self] in
                await Takeover(
                    broker: broker, registry: registry, maximumRedeliveries: configuration.maximumRedeliveries,
                    logger: logger
                ).run()
            }
            await work(settler, arrivals, promoter)
            background.cancelAll()
        }
        state.isConsuming = false
        // In a task of its own, which a cancellation of this one does not reach.
        await Task { await leave(settler, arrivals, watching) }.value
        settling.cancel()
        connection.cancel()
        _ = await (watching.value, settling.value, connection.value)
    }

    // MARK: - Working

    private func work(_ settler: Settler, _ arrivals: Arrivals, _ promoter: Promoter) async {
        let execution = TaskExecution(
            broker: broker, arrivals: arrivals, holdings: holdings, settler: settler, promoter: promoter,
            registry: registry, log: WorkerLog(logger: logger), outage: outage,
            configuration: configuration)
        await withDiscardingTaskGroup { tasks in
            await withGracefulShutdownHandler {
                await withTaskExecutorPreference(RedisEventLoop.shared) {
                    await claim(execution, &tasks)
                }
            } onGracefulShutdown: { [state, slots] in
                state.isStopping = true
                arrivals.wakeUp()
                slots.wakeUp()
            }
            await drain()
            tasks.cancelAll()
        }
    }

    /// Takes messages, as many as there are free places, until the worker is told to stop.
    private func claim(_ execution: TaskExecution, _ tasks: inout DiscardingTaskGroup) async {
        var nextLook = ContinuousClock.now
        while !Task.isCancelled {
            let free = await slots.waitForFree()
            guard !state.isStopping else { return }
            guard free > 0 else { continue }
            do throws(RedisError) {
                // A claim that a hung server carries out late brings no error here that would tell of it.
                if ContinuousClock.now >= nextLook {
                    holdings.doubt()
                    nextLook = ContinuousClock.now + Self.lookPeriod
                }
                if holdings.isInDoubt {
                    // Without a lease they would not pass the fence.
                    try await renewLease()
                    for claim in try await forgottenClaims() { start(claim, execution, &tasks) }
                }
                switch try await broker.claim(atMost: max(0, slots.free)) {
                case .leaseLost: try await renewLease()
                case .paused:
                    state.isConsuming = true
                    outage.report("The queue \(configuration.queue) is paused; DEL \(broker.keys.paused) ends it")
                    try? await Task.sleep(for: .milliseconds(500))
                case .claimed(let claims):
                    state.isConsuming = true
                    for claim in claims { start(claim, execution, &tasks) }
                    if claims.isEmpty, !holdings.isInDoubt { await execution.arrivals.wait() }
                }
            } catch {
                state.isConsuming = false
                if error.mayHaveBeenExecuted { holdings.doubt() }
                guard !Task.isCancelled else { return }
                let verb = error.code == .refused ? "take messages from" : "connect to"
                outage.report("consumer: Cannot \(verb) \(configuration.broker.url): \(error)")
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// Claims of this worker in Redis that nobody here works on, the oldest first.
    private func forgottenClaims() async throws(RedisError) -> [Claim] {
        holdings.beginLook()
        do throws(RedisError) {
            return holdings.endLook(try await broker.claims(of: id).map(\.claim).reversed())
        } catch {
            holdings.doubt()
            throw error
        }
    }

    private func start(_ claim: Claim, _ execution: TaskExecution, _ tasks: inout DiscardingTaskGroup) {
        slots.take()
        holdings.take(claim)
        tasks.addTask(executorPreference: globalConcurrentExecutor) { [slots, holdings] in
            await execution.run(claim)
            slots.release()
            if holdings.isInDoubt { execution.arrivals.wakeUp() }
        }
    }

    /// Gives running tasks the grace time to finish.
    private func drain() async {
        guard !Task.isCancelled, slots.busy > 0 else { return }
        logger.info("stopping: \(slots.busy) tasks still run, waiting for them up to \(configuration.grace)")
        await slots.waitUntilAllFree(atMost: configuration.grace)
    }

    /// Settles what is done and gives back the rest. Redis may be away: then other workers take it over.
    private func leave(_ settler: Settler, _ arrivals: Arrivals, _ watching: Task<Void, Never>) async {
        let finished = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                watching.cancel()
                await watching.value
                await settler.waitUntilIdle()
                return await giveBack(isFinal: !arrivals.isInDoubt)
            }
            group.addTask {
                try? await Task.sleep(for: Self.longestLeave)
                return false
            }
            let finished = await group.next() ?? false
            group.cancelAll()
            return finished
        }
        if !finished { logger.warning("cannot give back what is claimed; other workers take it over") }
    }

    private func giveBack(isFinal: Bool) async -> Bool {
        do throws(RedisError) {
            let count = try await broker.giveBack(isFinal: isFinal)
            if count > 0 { logger.info("Restoring \(count) unacknowledged message(s)") }
            return true
        } catch {
            return false
        }
    }

    // MARK: - In the background

    private func keepLease() async {
        while !Task.isCancelled {
            try? await renewLease()
            try? await Task.sleep(for: Broker.leaseRenewal)
        }
    }

    private func renewLease() async throws(RedisError) {
        let now = ContinuousClock.now
        try await broker.renewLease()
        lease.renewed(sentAt: now)
    }
}
