internal import Logging
internal import RedisClient

/// Brings back what dead workers held. Every worker does it; the steps are atomic, so that several may at once.
struct Takeover: Sendable {
    /// How often to look. With the lease it makes up the time after which a dead worker's messages are back.
    static let period = Duration.seconds(1)

    let broker: Broker
    let registry: TaskRegistry
    let results: ResultBackend?
    let maximumRedeliveries: Int
    let logger: Logger
    var observers = TaskObservers([])
    var counters = WorkerCounters()

    /// Looks for dead workers until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(RedisError) {
                for worker in try await broker.overdueWorkers() where worker != broker.worker {
                    try await takeOver(worker)
                }
            } catch {
                logger.debug("Cannot look for dead workers: \(error)")
            }
            try? await Task.sleep(for: Self.period)
        }
    }

    /// Takes over what a worker held whose lease has run out.
    func takeOver(_ worker: String) async throws(RedisError) {
        var count = 0
        // The newest first, each to the head of the line: the oldest is the next to be taken, as it was.
        for claim in try await broker.claims(of: worker) where try await takeOver(claim, of: worker) { count += 1 }
        let isForgotten = try await broker.forget(worker)
        counters.noteTakeover(of: count, isForgotten: isForgotten)
        if count > 0 || isForgotten {
            logger.warning("Worker \(worker) is gone; \(count) of its messages were taken over")
        }
    }

    /// Puts those of this worker's own claims among the dead letters whose attempt went out and whose task is to be held
    /// then: the worker stops and will not learn how they end.
    func holdUnknown() async throws(RedisError) {
        for claim in try await broker.claims(of: broker.worker) where claim.wasSent {
            guard let message = try? TaskMessage(claim.message), isHeldWhenUnknown(message) else { continue }
            _ = try await bury(
                claim, message, of: nil, reason: .unknown,
                "the worker stopped after the attempt went out; nobody knows whether it had its effect")
        }
    }

    private func takeOver(_ claim: Claim, of worker: String) async throws(RedisError) -> Bool {
        // What cannot be read goes back as it is: whoever takes it next buries it.
        guard let message = try? TaskMessage(claim.message) else {
            return try await broker.takeBack(claim, of: worker, as: claim.message)
        }
        let redeliveries = message.redeliveries + 1
        if redeliveries > maximumRedeliveries {
            return try await bury(
                claim, message, of: worker, reason: .poison,
                "came back from \(message.redeliveries) dead workers, which it may have caused")
        }
        if claim.wasSent, isHeldWhenUnknown(message) {
            return try await bury(
                claim, message, of: worker, reason: .unknown,
                "the worker died after the attempt went out; nobody knows whether it had its effect")
        }
        return try await broker.takeBack(claim, of: worker, as: message.republished(redeliveries: redeliveries))
    }

    private func isHeldWhenUnknown(_ message: TaskMessage) -> Bool {
        registry[message.task]?.options.unknownOutcome == .hold
    }

    private func bury(
        _ claim: Claim, _ message: TaskMessage, of worker: String?, reason: DeathReason, _ text: String
    ) async throws(RedisError) -> Bool {
        let report = DeathReport(
            reason: reason.rawValue, message: text, task: message.task, taskID: message.id,
            attempts: message.retries + 1,
            worker: worker ?? broker.worker, time: broker.clock.now)
        let followUps = FollowUps(afterFailureOf: message, queue: broker.keys.queue, now: broker.clock.now)
        // Before the claim ends: when this worker dies in between, another one does both.
        if let results {
            let exception = ExceptionDocument.celery("WorkerLostError", text, module: "billiard.exceptions")
            let end = FinalResult(
                document: ResultDocument(.failure, exception.json, of: message), message: message,
                queue: broker.keys.queue)
            let ignoresResult = message.ignoresResult ?? registry[message.task]?.options.ignoresResult ?? false
            do throws(RedisError) {
                let isStored = try await end.store(in: results, broker, isWanted: !ignoresResult)
                if !isStored, worker != nil { return false }
            } catch {
                logger.warning("Cannot store the result of \(message.task)[\(message.id)]: \(error)")
                // Of a dead worker's it is tried again. One's own is not to run again, whatever becomes of the result.
                if error.isTransient, worker != nil { return false }
            }
        }
        let isBuried = try await broker.bury(claim, of: worker, report, followedBy: followUps.messages)
        if isBuried {
            observers.observe(
                TaskEvent(
                    kind: reason == .poison ? .failed(reason: text) : .held(reason: text), queue: broker.keys.queue,
                    task: message.task, id: message.id, retries: message.retries,
                    mayHaveHadEffect: true, cause: reason.rawValue))
        }
        return isBuried
    }
}
