internal import Logging
internal import RedisClient

/// How a claimed message ends: each way stores the task's result, ends the claim and sends what follows, and is told to
/// the middleware.
struct TaskEnding: Sendable {
    let job: Job
    let results: ResultBackend?
    let observers: TaskObservers
    let outage: OutageLog
    /// The message was let go before the attempt (at most once): there is no claim any more, whatever comes.
    private var isLetGo = false
    /// What the attempt has to pass; nil before it.
    private var fence: ClaimFence?

    init(job: Job, results: ResultBackend?, observers: TaskObservers, outage: OutageLog) {
        self.job = job
        self.results = results
        self.observers = observers
        self.outage = outage
    }

    private var claim: Claim { job.claim }
    private var broker: Broker { job.queue.broker }

    // MARK: - Before an attempt

    func refuse(_ message: TaskMessage?, _ refusal: MessageRefusal) async {
        let task = message?.task ?? TaskMessage.taskName(of: claim.message)
        let id = message?.id ?? TaskMessage.id(of: claim.message)
        observers.observe(
            TaskEvent(
                kind: .refused(refusal), queue: job.queue.name, task: task, id: id, retries: message?.retries ?? 0,
                mayHaveHadEffect: mayHaveHadEffect(message, nil), cause: refusal.reason.rawValue))
        let exception = ExceptionDocument(refusal, task: task).json
        if let message {
            let document = ResultDocument(.failure, exception, of: message)
            guard await storeEnd(document, of: message, isWanted: message.ignoresResult != true) else { return }
        } else if let id {
            guard await store(ResultDocument(.failure, exception, id: id)) else { return }
        }
        await bury(message, reason: refusal.reason.rawValue, refusal.message, started: nil)
    }

    func expire(
        _ message: TaskMessage, _ options: TaskOptions, after error: (any Error)? = nil, wasSent: Bool
    ) async {
        observe(.expired, message, after: error)
        let exception = ExceptionDocument.celery("TaskRevokedError", "expired").json
        let document = ResultDocument(.revoked, exception, of: message)
        guard await storeEnd(document, of: message, isWanted: isResultWanted(message, options)) else { return }
        settle(as: .expired, wasSent: wasSent)
    }

    func postpone(_ message: TaskMessage, until eta: WireTime) async {
        observe(.scheduled(for: eta), message)
        await schedule(message.republished(), after: eta.since(broker.clock.now), counter: "scheduled")
    }

    func admit(_ message: TaskMessage, rate: RateLimit?, hasRoom: Bool) async -> Admission {
        let admission = await untilAnswered { () async throws(RedisError) in
            try await broker.admit(claim, message, rate: rate, hasRoom: hasRoom)
        }
        switch admission {
        case .admitted, nil: break
        case .movedToLine:
            job.queue.holdings.release([claim.number])
            observe(.limited, message)
        case .claimLost: lose(message)
        }
        return admission ?? .claimLost
    }

    /// At most once: the message is gone before the task starts, so that whatever comes of it is only told. Nil when it
    /// was no longer the worker's own, or the worker stops.
    func lettingGo() async -> TaskEnding? {
        var ending = self
        ending.isLetGo = await untilDone { () async throws(RedisError) in
            try await broker.settle([claim.number], as: .acknowledgedEarly, wereSent: false) == 1
        }
        return ending.isLetGo ? ending : nil
    }

    /// The ending of an attempt that has to pass that fence.
    func fenced(by fence: ClaimFence) -> TaskEnding {
        var ending = self
        ending.fence = fence
        return ending
    }

    func storeStart(_ message: TaskMessage, _ options: TaskOptions) async {
        guard let results, results.configuration.storesStarts, isResultWanted(message, options) else { return }
        var start = JSONObjectWriter()
        start.add("hostname", broker.worker)
        _ = await store(ResultDocument(.started, start.finished(), of: message))
    }

    // MARK: - After an attempt

    func succeed(
        _ message: TaskMessage, _ options: TaskOptions, _ result: TaskResult, after duration: Duration,
        _ fence: ClaimFence
    ) async {
        guard results != nil || !message.canvas.isEmpty else {
            observe(.succeeded(result, after: duration), message)
            return settle(as: .succeeded, wasSent: fence.wasPassed)
        }
        await inOwnTask { await store(success: result, of: message, options, after: duration, fence) }
    }

    private func store(
        success result: TaskResult, of message: TaskMessage, _ options: TaskOptions, after duration: Duration,
        _ fence: ClaimFence
    ) async {
        guard let json = try? result.json() else {
            let error = TaskRejection("result", "the result cannot be written as JSON")
            return await end(message, options, after: error, started: .now - duration)
        }
        observe(.succeeded(result, after: duration), message)
        let followUps = FollowUps(after: message, result: json, queue: job.queue.name, now: broker.clock.now)
        var document = ResultDocument(.success, json, of: message)
        document.children = followUps.tasks.map(\.id.text)
        // What is not stored, as the worker stops, is not settled either: the task runs again then.
        guard await storeEnd(document, of: message, isWanted: isResultWanted(message, options)) else { return }
        guard !followUps.tasks.isEmpty else {
            return settle(as: .succeeded, wasSent: fence.wasPassed)
        }
        if isLetGo { return await send(followUps) }
        let finish = await untilAnswered { () async throws(RedisError) in
            try await broker.finish(claim, as: .succeeded, followedBy: followUps.messages)
        }
        if let finish { await conclude(finish, of: message) }
    }

    private func conclude(_ finish: Finish, of message: TaskMessage) async {
        switch finish {
        case .finished: job.queue.holdings.release([claim.number])
        case .claimLost: release(wasOwn: false)
        case .noList:
            let text = "what follows the task would go to a queue whose key in Redis holds no list"
            await bury(message, reason: MessageRefusal.Reason.canvas.rawValue, text, started: nil)
        }
    }

    func fail(
        _ message: TaskMessage, _ options: TaskOptions, _ error: any Error, started: ContinuousClock.Instant
    ) async {
        await inOwnTask { await end(message, options, after: error, started: started) }
    }

    /// What a body has decided is carried out also when the worker stops meanwhile, as long as it has not left.
    private func inOwnTask(_ step: @escaping @Sendable () async -> Void) async {
        await Task { await step() }.value
    }

    private func end(
        _ message: TaskMessage, _ options: TaskOptions, after error: any Error, started: ContinuousClock.Instant
    ) async {
        let reason = describe(error) ?? "\(type(of: error))"
        switch error {
        case let rejection as TaskRejection:
            observe(.rejected(reason: reason), message, after: error, cause: rejection.reason)
            await giveUp(message, options, error, reason: rejection.reason, rejection.message, started)
        case let hold as TaskHold:
            observe(.held(reason: reason), message, after: error, cause: DeathReason.unknown.rawValue)
            await giveUp(message, options, error, reason: DeathReason.unknown.rawValue, hold.reason, started)
        case let limit as TimeLimitExceeded where limit.isHard:
            await fail(message, options, error, .timeLimit, reason, started)
        default:
            await retry(message, options, error, reason: reason, started)
        }
    }

    /// Nobody knows how an earlier attempt has ended.
    func hold(_ message: TaskMessage, _ options: TaskOptions, _ reason: String) async {
        await fail(message, options, TaskHold(reason), started: .now)
    }

    /// The claim is another worker's now.
    func lose(_ message: TaskMessage) {
        observe(.lost, message)
        job.queue.holdings.leave(claim)
    }

    private func retry(
        _ message: TaskMessage, _ options: TaskOptions, _ error: any Error, reason: String,
        _ started: ContinuousClock.Instant
    ) async {
        var generator = SystemRandomNumberGenerator()
        let retry = error as? TaskRetry
        let isCounted = retry?.isCounted ?? true
        let delay = retry?.after ?? options.backoff.pause(beforeRetry: message.retries, using: &generator)
        guard message.retries < options.maximumRetries || !isCounted, !isLetGo else {
            return await fail(message, options, error, .retriesExhausted, reason, started)
        }
        let due = broker.clock.now.adding(delay)
        if let expires = message.expires, due >= expires {
            return await expire(message, options, after: error, wasSent: true)
        }
        guard isCounted else {
            observe(.scheduled(for: due), message)
            return await schedule(message.republished(eta: due, hasWaited: true), after: delay, counter: "scheduled")
        }
        observe(.retried(after: delay, reason: reason), message, cause: Self.cause(of: error))
        if isResultWanted(message, options) {
            guard await store(ResultDocument(.retry, ExceptionDocument(error).json, of: message)) else { return }
        }
        await schedule(
            message.republished(retries: message.retries + 1, eta: due), after: delay, counter: "retried")
    }

    /// Why a task is retried, in one word.
    private static func cause(of error: any Error) -> String {
        switch error {
        case let retry as TaskRetry: retry.cause
        case is TimeLimitExceeded: DeathReason.timeLimit.rawValue
        default: "error"
        }
    }

    private func fail(
        _ message: TaskMessage, _ options: TaskOptions, _ error: any Error, _ death: DeathReason, _ reason: String,
        _ started: ContinuousClock.Instant
    ) async {
        observe(.failed(reason: reason), message, after: error, cause: death.rawValue)
        await giveUp(message, options, error, reason: death.rawValue, reason, started)
    }

    /// The task has failed for good.
    private func giveUp(
        _ message: TaskMessage, _ options: TaskOptions, _ error: any Error, reason: String, _ text: String,
        _ started: ContinuousClock.Instant
    ) async {
        let document = ResultDocument(.failure, ExceptionDocument(error).json, of: message)
        guard await storeEnd(document, of: message, isWanted: isResultWanted(message, options)) else { return }
        await bury(message, reason: reason, text, started: started)
    }

    // MARK: - Steps

    private func isResultWanted(_ message: TaskMessage, _ options: TaskOptions) -> Bool {
        results != nil && !(message.ignoresResult ?? options.ignoresResult)
    }

    /// Stores the task's end. False when the worker stops first; then nothing may be settled.
    private func storeEnd(_ document: ResultDocument, of message: TaskMessage, isWanted: Bool) async -> Bool {
        guard let results else { return true }
        let end = FinalResult(document: document, message: message, queue: job.queue.name)
        return await untilStored { () async throws(RedisError) in
            try await end.store(in: results, broker, isWanted: isWanted)
        }
    }

    /// False when the worker stops first.
    private func store(_ document: ResultDocument) async -> Bool {
        guard let results else { return true }
        return await untilStored { () async throws(RedisError) in
            try await results.store(document)
            return true
        }
    }

    /// The worker stops, or has left: who comes next does what was not done.
    private var isOver: Bool { Task.isCancelled || job.queue.hasLeft }

    /// The message stays claimed meanwhile. A Redis that refuses, rather than being away, holds nothing up.
    private func untilStored(_ step: () async throws(RedisError) -> Bool) async -> Bool {
        while !isOver {
            do throws(RedisError) {
                if try await step() { return true }
            } catch {
                guard error.isTransient || error.code == .cancelled else {
                    outage.report("Redis does not take a result, or what follows a task: \(error)")
                    return true
                }
                outage.report("Cannot store a result, trying again: \(error)")
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        return false
    }

    private func settle(as settlement: Settlement, wasSent: Bool) {
        if !isLetGo { job.queue.settler.settle(claim, as: settlement, wasSent: wasSent) }
    }

    /// Sends what follows a task whose message is gone already.
    private func send(_ followUps: FollowUps) async {
        _ = await untilStored { () async throws(RedisError) in
            try await broker.send(followUps.messages)
            return true
        }
    }

    private func schedule(_ message: [UInt8], after delay: Duration, counter: String) async {
        await untilDone { () async throws(RedisError) in
            try await broker.schedule(claim, as: message, after: delay, counter: counter)
        }
    }

    private func bury(
        _ message: TaskMessage?, reason: String, _ text: String, started: ContinuousClock.Instant?
    ) async {
        let now = broker.clock.now
        let report = DeathReport(
            reason: reason, message: text, task: message?.task ?? TaskMessage.taskName(of: claim.message),
            taskID: message?.id ?? TaskMessage.id(of: claim.message), attempts: (message?.retries ?? 0) + 1,
            worker: broker.worker, time: now,
            started: started.map { now.adding(.zero - $0.duration(to: .now)) })
        let followUps = message.map { FollowUps(afterFailureOf: $0, queue: job.queue.name, now: now) } ?? FollowUps()
        if isLetGo { return await send(followUps) }
        await untilDone { () async throws(RedisError) in
            try await broker.bury(claim, report, followedBy: followUps.messages)
        }
    }

    /// Ends the claim by a step that is repeated until Redis has done it. False when the claim was no longer the worker's
    /// own, or the worker stops.
    @discardableResult
    private func untilDone(_ step: () async throws(RedisError) -> Bool) async -> Bool {
        guard let wasOwn = await untilAnswered(step) else { return false }
        release(wasOwn: wasOwn)
        return wasOwn
    }

    private func release(wasOwn: Bool) {
        job.queue.holdings.release([claim.number])
        if !wasOwn { outage.report("A claim was settled already, or taken over by another worker") }
    }

    /// Repeats a step until Redis has answered; nil when the worker stops. The message stays claimed until then, so
    /// nothing is lost when the worker has to stop first.
    @discardableResult
    private func untilAnswered<Answer>(_ step: () async throws(RedisError) -> Answer) async -> Answer? {
        while !isOver {
            do throws(RedisError) {
                return try await step()
            } catch {
                outage.report("Redis is not ready, trying again: \(error)")
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        return nil
    }

    // MARK: - Telling

    func observe(
        _ kind: TaskEvent.Kind, _ message: TaskMessage, after error: (any Error)? = nil, cause: String? = nil
    ) {
        observers.observe(
            TaskEvent(
                kind: kind, queue: job.queue.name, task: message.task, id: message.id, retries: message.retries,
                mayHaveHadEffect: mayHaveHadEffect(message, error), wasAcknowledgedEarly: isLetGo, cause: cause,
                message: message, clock: broker.clock)
        )
    }

    /// - Parameter error: What the attempt has ended with, if there was one.
    private func mayHaveHadEffect(_ message: TaskMessage?, _ error: (any Error)?) -> Bool {
        if claim.wasSent || message?.redeliveries ?? 0 > 0 { return true }
        switch error {
        case nil, is TaskRejection: return false
        case is TaskHold: return true
        case let retry as TaskRetry: return retry.cause == DeathReason.unknown.rawValue
        default: return isLetGo || fence?.wasPassed ?? false
        }
    }
}
