internal import Logging
internal import RedisClient

/// What happens to one claimed message, from decoding to its end.
struct TaskExecution: Sendable {
    let broker: Broker
    let arrivals: Arrivals
    let holdings: Holdings
    let settler: Settler
    let promoter: Promoter
    let registry: TaskRegistry
    let log: WorkerLog
    let outage: OutageLog
    let configuration: WorkerConfiguration

    /// Runs the message. When it returns the claim has ended, or the message stays claimed for its owner to give back.
    func run(_ claim: Claim) async {
        let message: TaskMessage
        do throws(MessageRefusal) {
            message = try TaskMessage(claim.message)
        } catch {
            return await refuse(claim, nil, error)
        }
        log.received(message)
        guard let entry = registry[message.task] else {
            let refusal = MessageRefusal(.unknownTask, "no task of the name \(message.task) is registered")
            log.unregistered(message)
            return await bury(claim, message, reason: refusal.reason.rawValue, refusal.message)
        }
        let body: @Sendable (TaskContext) async throws -> [UInt8]
        do throws(MessageRefusal) {
            body = try entry.prepare(message)
        } catch {
            return await refuse(claim, message, error)
        }
        if isExpired(message) { return expire(claim, message) }
        if let eta = message.eta, eta > .now {
            await schedule(claim, message.republished(), after: eta.since(.now), counter: "scheduled")
            return
        }
        switch configuration.acknowledgement {
        case .late: await run(claim, message, entry.options, body)
        case .early: await runOnce(claim, message, body)
        }
    }

    /// At most once: the message is gone before the task starts, so that whatever comes of it is only logged.
    private func runOnce(
        _ claim: Claim, _ message: TaskMessage, _ body: @Sendable (TaskContext) async throws -> [UInt8]
    ) async {
        let isLetGo = await untilDone(claim) { () async throws(RedisError) in
            try await broker.settle([(claim.number, .acknowledgedEarly)]).first ?? false
        }
        guard isLetGo else { return log.lost(message) }
        let start = ContinuousClock.now
        do {
            let result = try await body(TaskContext(message: message) { if isExpired(message) { throw TaskExpired() } })
            log.succeeded(message, after: start.duration(to: .now), result: result)
        } catch is TaskExpired {
            log.expired(message)
        } catch {
            log.failed(message, reason: Self.reason(of: error))
        }
    }

    private func run(
        _ claim: Claim, _ message: TaskMessage, _ options: TaskOptions,
        _ body: @Sendable (TaskContext) async throws -> [UInt8]
    ) async {
        let start = ContinuousClock.now
        do {
            let result = try await body(context(claim, message))
            log.succeeded(message, after: start.duration(to: .now), result: result)
            settler.settle(claim, as: .succeeded)
        } catch let retry as TaskRetry {
            await self.retry(claim, message, options, after: retry.after, reason: retry.reason)
        } catch let rejection as TaskRejection {
            log.rejected(message, reason: rejection.description)
            await bury(claim, message, reason: rejection.reason, rejection.message)
        } catch is ClaimLost {
            log.lost(message)
            holdings.leave(claim)
        } catch is TaskExpired {
            expire(claim, message)
        } catch {
            // The worker stops: the message goes back with all that is still claimed.
            if Task.isCancelled { return }
            await retry(claim, message, options, after: nil, reason: Self.reason(of: error))
        }
    }

    /// What may be said of an error: our own texts hold nothing confidential, a stranger's may.
    private static func reason(of error: any Error) -> String {
        switch error {
        case let retry as TaskRetry: retry.description
        case let rejection as TaskRejection: rejection.description
        default: "\(type(of: error))"
        }
    }

    // MARK: - Ends

    private func refuse(_ claim: Claim, _ message: TaskMessage?, _ refusal: MessageRefusal) async {
        log.refused(refusal, id: message?.id ?? TaskMessage.id(of: claim.message))
        await bury(claim, message, reason: refusal.reason.rawValue, refusal.message)
    }

    private func retry(
        _ claim: Claim, _ message: TaskMessage, _ options: TaskOptions, after wanted: Duration?, reason: String
    ) async {
        var generator = SystemRandomNumberGenerator()
        let delay = wanted ?? options.backoff.pause(beforeRetry: message.retries, using: &generator)
        guard message.retries < options.maximumRetries else {
            log.failed(message, reason: reason)
            await bury(claim, message, reason: "retries-exhausted", reason)
            return
        }
        let due = WireTime.now.adding(delay)
        if let expires = message.expires, due >= expires { return expire(claim, message) }
        log.retry(message, in: delay, reason: reason)
        let next = message.republished(retries: message.retries + 1, eta: due)
        await schedule(claim, next, after: delay, counter: "retried")
    }

    private func expire(_ claim: Claim, _ message: TaskMessage) {
        log.expired(message)
        settler.settle(claim, as: .expired)
    }

    private func schedule(_ claim: Claim, _ message: [UInt8], after delay: Duration, counter: String) async {
        await untilDone(claim) { () async throws(RedisError) in
            try await broker.schedule(claim, as: message, after: delay, counter: counter)
        }
        promoter.noteScheduled()
    }

    private func bury(_ claim: Claim, _ message: TaskMessage?, reason: String, _ text: String) async {
        let report = DeathReport(
            reason: reason, message: text, task: message?.task ?? TaskMessage.taskName(of: claim.message),
            taskID: message?.id ?? TaskMessage.id(of: claim.message),
            attempts: (message?.retries ?? 0) + 1, worker: broker.worker, time: .now)
        await untilDone(claim) { () async throws(RedisError) in
            try await broker.bury(claim, report)
        }
    }

    // MARK: - Redis away

    private func isExpired(_ message: TaskMessage) -> Bool {
        message.expires.map { $0 <= .now } ?? false
    }

    private func context(_ claim: Claim, _ message: TaskMessage) -> TaskContext {
        TaskContext(message: message) {
            while true {
                if isExpired(message) { throw TaskExpired() }
                do {
                    guard try await broker.passFence(claim, attempt: message.retries + 1) else { throw ClaimLost() }
                    return
                } catch let error as RedisError where error.isTransient {
                    outage.report("Cannot confirm a claim, trying again: \(error)")
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
        }
    }

    /// Repeats a step until Redis has done it. The message stays claimed until then, so nothing is lost when the worker
    /// has to stop first. False when the claim was no longer the worker's own, or the worker stops.
    @discardableResult
    private func untilDone(_ claim: Claim, _ step: () async throws(RedisError) -> Bool) async -> Bool {
        while !Task.isCancelled {
            do throws(RedisError) {
                let wasOwn = try await step()
                holdings.release(claim.number)
                if !wasOwn {
                    log.logger.warning("Claim \(claim.number) was settled already, or taken over by another worker")
                }
                return wasOwn
            } catch {
                outage.report("Redis is not ready, trying again: \(error)")
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        return false
    }
}
