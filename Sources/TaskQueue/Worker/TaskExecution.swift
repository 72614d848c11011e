internal import RedisClient

/// What happens to one claimed message, from decoding to its end.
struct TaskExecution: Sendable {
    let registry: TaskRegistry
    let limits: StartLimits
    let results: ResultBackend?
    let observers: TaskObservers
    let outage: OutageLog
    let acknowledgement: WorkerConfiguration.Acknowledgement
    let executor: any TaskExecutor

    /// Runs the message. When it returns the claim has ended, or the message stays claimed for its owner to give back.
    func run(_ job: Job) async {
        // Somebody may have waited for the place.
        defer { if let task = job.claim.admittedTask, limits.giveBack(task) { job.queue.notice() } }
        let ending = TaskEnding(job: job, results: results, observers: observers, outage: outage)
        let message: TaskMessage
        do throws(MessageRefusal) {
            message = try TaskMessage(job.claim.message)
        } catch {
            return await ending.refuse(nil, error)
        }
        if !job.claim.isAdmitted, !message.hasWaited { ending.observe(.received, message) }
        let options: TaskOptions
        let body: TaskRegistry.Body
        do throws(MessageRefusal) {
            guard let entry = registry[message.task] else { throw MessageRefusal(unknownTask: message.task) }
            options = entry.options
            body = try prepare(message, entry)
        } catch {
            return await ending.refuse(message, error)
        }
        if job.claim.wasSent, options.unknownOutcome == .hold {
            return await ending.hold(message, options, "an earlier attempt went out; nobody knows how it ended")
        }
        let clock = job.queue.broker.clock
        if message.isExpired(by: clock) {
            await ending.expire(message, options, wasSent: job.claim.wasSent)
            return await returnStart(job, options)
        }
        if let eta = message.eta, eta > clock.now { return await ending.postpone(message, until: eta) }
        guard !job.claim.isAdmitted, options.hasStartLimits else {
            return await attempt(job, message, options, body, ending)
        }
        let hasRoom = limits.take(message.task, atMost: 1) == 1
        defer { if hasRoom, limits.giveBack(message.task) { job.queue.notice() } }
        guard await mayStart(message, options, hasRoom: hasRoom, ending) else { return }
        await attempt(job, message, options, body, ending)
    }

    private static func end(of body: Task<TaskResult, any Error>) async {
        let ended = Signal()
        Task {
            _ = await body.result
            ended.raise()
        }
        _ = await ended.wait()
    }

    /// A message of its task's line had been allowed to start, and did not: another one may.
    private func returnStart(_ job: Job, _ options: TaskOptions) async {
        guard let task = job.claim.admittedTask, let rate = options.rateLimit else { return }
        // Without an answer the next one only waits for its turn.
        try? await job.queue.broker.returnStart(of: task, rate: rate)
        job.queue.promoter.lookAgain()
    }

    private func prepare(
        _ message: TaskMessage, _ entry: TaskRegistry.Entry
    ) throws(MessageRefusal) -> TaskRegistry.Body {
        if message.canvas.chord != nil, results == nil {
            throw MessageRefusal(.canvas, "the task is part of a chord, which needs a result backend")
        }
        return try entry.prepare(message)
    }

    /// False when the message has gone to the line of its task, or is no longer the worker's own.
    private func mayStart(
        _ message: TaskMessage, _ options: TaskOptions, hasRoom: Bool, _ ending: TaskEnding
    ) async -> Bool {
        if hasRoom, options.rateLimit == nil { return true }
        return await ending.admit(message, rate: options.rateLimit, hasRoom: hasRoom) == .admitted
    }

    // MARK: - An attempt

    private func attempt(
        _ job: Job, _ message: TaskMessage, _ options: TaskOptions, _ body: @escaping TaskRegistry.Body,
        _ claimed: TaskEnding
    ) async {
        guard let unfenced = acknowledgement == .early ? await claimed.lettingGo() : claimed else {
            return claimed.observe(.lost, message)
        }
        let fence = ClaimFence(job.claim, message, broker: job.queue.broker, outage: outage)
        let ending = unfenced.fenced(by: fence)
        let context = TaskContext(message: message, queue: job.queue.name, clock: job.queue.broker.clock) {
            switch acknowledgement {
            case .late: try await fence.pass()
            case .early: if message.isExpired(by: job.queue.broker.clock) { throw TaskExpired() }
            }
        }
        ending.observe(.started, message)
        await ending.storeStart(message, options)
        var leftover: Task<TaskResult, any Error>?
        let start = ContinuousClock.now
        do {
            if message.isExpired(by: job.queue.broker.clock) { throw TaskExpired() }
            let limits = message.timeLimits?.filled(from: options.timeLimits) ?? options.timeLimits
            let result: TaskResult
            if limits == TimeLimits() {
                result = try await observers.around(context, body)
            } else {
                result = try await TimeLimitedRun(limits: limits, executor: executor).run {
                    ending.observe(.timeLimitExceeded($0.limit, isHard: $0.isHard), message)
                } leftover: {
                    leftover = $0
                } _: { [observers] in
                    try await observers.around(context, body)
                }
            }
            await ending.succeed(message, options, result, after: start.duration(to: .now), fence)
        } catch is ClaimLost {
            ending.lose(message)
        } catch is TaskExpired {
            await ending.expire(message, options, wasSent: fence.wasPassed)
        } catch {
            // The worker stops: the message goes back with all that is still claimed, unless the body has decided.
            if Task.isCancelled, !(error is TaskHold || error is TaskRejection) {
                return ending.observe(.interrupted, message, after: error)
            }
            await ending.fail(message, options, error, started: start)
        }
        // A body that goes on after its time keeps its place, until it ends or the worker does.
        if let leftover { await Self.end(of: leftover) }
    }
}
