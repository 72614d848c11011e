internal import RedisClient

/// Takes messages off the queues, as many at once as there are free slots, and hands them to the slots.
struct Feeder: Sendable {
    /// How often the claims in Redis are compared with those that this process works on.
    private static let lookPeriod = Duration.seconds(10)

    let queues: [WorkerQueue]
    let configuration: WorkerConfiguration
    let slots: Slots
    let limits: StartLimits
    let state: WorkerState
    let news: Signal
    let outage: OutageLog
    let faults: FaultSwitch

    /// Feeds the slots until the worker is told to stop or the task is cancelled.
    func run() async {
        var turns = QueueTurns(queues, order: configuration.queueOrder)
        var nextLook = queues.map { _ in ContinuousClock.now }
        while !Task.isCancelled {
            await faults.pass(.fetch)
            let free = await slots.waitForFree()
            guard !state.isStopping else { return }
            guard free > 0 else { continue }
            guard let index = turns.next() else {
                _ = await news.wait()
                continue
            }
            let queue = queues[index]
            // A claim that a hung server carries out late brings no error here that would tell of it.
            if ContinuousClock.now >= nextLook[index] {
                queue.holdings.doubt()
                nextLook[index] = ContinuousClock.now + Self.lookPeriod
            }
            queue.beginLook()
            do throws(RedisError) {
                turns.took(try await feed(from: queue, free), from: index)
                state.isConsuming = true
                queue.fetchPulse.beat()
                if slots.free <= 0 { for queue in queues { await queue.returnLateArrivals() } }
            } catch {
                queue.noteMore()
                await report(error, of: queue)
            }
        }
    }

    /// Returns how many messages were taken.
    private func feed(from queue: WorkerQueue, _ free: Int) async throws(RedisError) -> Int {
        if queue.holdings.isInDoubt {
            // Without a lease they would not pass the fence.
            try await queue.renewLease()
            start(try await forgottenClaims(of: queue), from: queue)
        }
        let wanted = max(0, slots.free)
        let lines = (limits.tasks + queue.linesWithoutLimits).map { task in
            LineRequest(task: task.name, rate: task.rate, room: limits.take(task.name, atMost: wanted))
        }
        var unused = lines.map(\.room)
        defer { for (line, count) in zip(lines, unused) { limits.giveBack(line.task, count) } }
        switch try await queue.broker.claim(atMost: wanted, fromLines: lines) {
        case .leaseLost:
            try await queue.renewLease()
            queue.noteMore()
            return 0
        case .paused:
            queue.setAside()
            outage.report("The queue \(queue.name) is paused; DEL \(queue.broker.keys.paused) ends it")
            return 0
        case .claimed(let claims, let fromLines):
            for (index, count) in fromLines.enumerated() { unused[index] -= count }
            // A line that gave something may give more when its rate allows.
            if fromLines.contains(where: { $0 > 0 }) { queue.promoter.lookAgain() }
            start(claims, from: queue)
            if claims.count < wanted, !queue.holdings.isInDoubt { queue.noteEmpty() } else { queue.noteMore() }
            return claims.count
        }
    }

    private func start(_ claims: [Claim], from queue: WorkerQueue) {
        guard !claims.isEmpty else { return }
        for claim in claims { queue.holdings.take(claim) }
        slots.put(claims.map { Job(claim: $0, queue: queue) })
    }

    /// Claims of this worker in Redis that nobody here works on, the oldest first.
    private func forgottenClaims(of queue: WorkerQueue) async throws(RedisError) -> [Claim] {
        queue.holdings.beginLook()
        do throws(RedisError) {
            let claims = try await queue.broker.claims(of: queue.broker.worker)
            return queue.holdings.endLook(claims.reversed())
        } catch {
            queue.holdings.doubt()
            throw error
        }
    }

    private func report(_ error: RedisError, of queue: WorkerQueue) async {
        state.isConsuming = false
        queue.fetchPulse.beat(answered: error.isAnswer)
        if error.mayHaveBeenExecuted { queue.holdings.doubt() }
        if error.code == .refused, queues.count > 1 { queue.setAside() }
        guard !Task.isCancelled else { return }
        let verb = error.code == .refused ? "take messages from" : "connect to"
        outage.report("consumer: Cannot \(verb) \(configuration.broker.url): \(error)")
        try? await Task.sleep(for: .milliseconds(500))
    }
}
