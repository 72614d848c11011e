import RedisClient
import TestSupport
import Testing

@testable import TaskQueue

/// What a watchdog is told of a worker.
@Suite(.timeLimit(.minutes(5))) struct WorkerWatchTests {
    private func watching(
        _ change: (inout WorkerConfiguration) -> Void = { _ in }, _ body: (QueueSystem, TaskWorker) async throws -> Void
    ) async throws {
        try await QueueSystem.run(change) { system in
            try await system.running(registry { _, _ in 0 }) { worker in
                defer { worker.faults.thaw() }
                try await worker.waitUntilConsuming()
                try await body(system, worker)
            }
        }
    }

    /// Waits until the loop that takes messages has come round so often, the worker being well all the time.
    private func turns(_ count: Int, of worker: TaskWorker) async throws {
        var seen = 0
        var before = Duration.zero
        try await eventually("it comes round") {
            #expect(await worker.standstill() == nil)
            let now = worker.queues[0].fetchPulse.sinceAnswer
            if now < before { seen += 1 }
            before = now
            return seen >= count
        }
    }

    @Test(arguments: [false, true])
    func aWorkerThatWaitsForWorkOrForTheEndOfAPauseComesRound(isPaused: Bool) async throws {
        try await watching { system, worker in
            if isPaused { try await system.client.set("{celery}:paused", "1", expiry: nil) }
            try await turns(3, of: worker)
        }
    }

    @Test(arguments: [
        (FaultSwitch.Loop.fetch, "takes messages from the queue celery"),
        (.arrivals, "takes messages from the queue celery"), (.promotion, "promotes what is due on the queue celery"),
    ])
    func aLoopThatStandsStillIsNamed(loop: FaultSwitch.Loop, name: String) async throws {
        try await watching {
            $0.longestTurn = .seconds(5)
        } _: { _, worker in
            worker.faults.freeze(loop)
            try await eventually("it is noticed") { await worker.standstill()?.contains(name) == true }
            worker.faults.thaw()
            try await eventually("it is well again") { await worker.standstill() == nil }
        }
    }

    /// Tasks that run are an honest reason to wait, but not for longer than tasks take.
    @Test(arguments: [nil, Duration.seconds(1)])
    func allSlotsMayBeTakenForAsLongAsTasksTake(longestTask: Duration?) async throws {
        let (held, release) = AsyncStream.makeStream(of: Void.self)
        let waiting = registry { _, _ in
            for await _ in held {}
            return 0
        }
        try await QueueSystem.run {
            $0.concurrency = 1
            $0.longestTurn = .seconds(5)
            $0.longestTask = longestTask
        } _: { system in
            try await system.running(waiting) { worker in
                try await system.producer.enqueue(note, Note(text: "long"))
                try await eventually("it has run for long") {
                    let standstill = await worker.standstill()
                    return longestTask == nil
                        ? worker.queues[0].fetchPulse.sinceTurn > .seconds(6)
                        : standstill?.hasPrefix("all 1 slots are taken, and no task has ended for") == true
                }
                if longestTask == nil { #expect(await worker.standstill() == nil) }
                release.finish()
                try await eventually("it is done") { try await system.statistic("succeeded") == 1 }
                try await eventually("it is well again") { await worker.standstill() == nil }
            }
        }
    }

    /// A loop that goes round without ever being answered: is it Redis, or is it the worker?
    @Test func whileRedisIsAwayANewProcessWouldBeNoBetterOff() async throws {
        try await QueueSystem.run {
            $0.longestTurn = .seconds(1)
        } _: { system in
            // It does not run: the test turns its loops.
            let queues = TaskWorker(
                system.configuration, registry: TaskRegistry(), logger: QueueSystem.logger
            ).queues
            let watch = WorkerWatch(system.configuration, queues: queues, slots: Slots(1))
            watch.begin()
            #expect(await watch.standstill() == nil)
            try await eventually("Redis answers, but not them") {
                for pulse in queues[0].pulses { pulse.beat(answered: false) }
                return await watch.standstill()?.hasPrefix(
                    "Redis answers others, but not the loop that takes messages from the queue celery") == true
            }
            system.server.stop()
            for pulse in queues[0].pulses { pulse.beat(answered: false) }
            #expect(await watch.standstill() == nil)
        }
    }

    /// Claimed messages that no slot takes although slots are free.
    @Test func slotsThatDoNotAdvanceAreNoticed() async throws {
        try await QueueSystem.run {
            $0.longestTurn = .zero
        } _: { system in
            let worker = TaskWorker(system.configuration, registry: TaskRegistry(), logger: QueueSystem.logger)
            let slots = Slots(2)
            let watch = WorkerWatch(system.configuration, queues: [], slots: slots)
            slots.put([TaskQueue.Job(claim: Claim(number: 1, message: []), queue: worker.queues[0])])
            try await eventually("it is noticed") {
                await watch.standstill()?.hasPrefix("1 claimed messages have waited for a slot") == true
            }
        }
    }

    @Test func theBacklogTellsHowMuchWaitsAndForHowLong() async throws {
        try await QueueSystem.run { system in
            let task = TaskDefinition<Note, Int>("note", options: TaskOptions(expires: .seconds(300)))
            let worker = TaskWorker(
                system.configuration, registry: registry(task) { _, _ in 0 }, logger: QueueSystem.logger)
            #expect(worker.queues.count == 1)
            for (priority, age) in [(0, 40), (0, 20), (9, 50)] {
                try await system.producer.enqueue(
                    task, Note(text: "x"), priority: priority, now: .now.adding(.seconds(-age)))
            }
            try await worker.client.whileRunning {
                let backlog = try await worker.backlog()
                #expect(backlog.waiting == 3)
                #expect(try #require(backlog.oldest) >= .seconds(50))
                _ = try await system.client.send(RedisCommand("DEL", "celery", "celery\u{06}\u{16}9"))
                #expect(try await worker.backlog() == Backlog())
                // As of Celery, which does not say when it was sent.
                _ = try await system.client.send(
                    RedisCommand("LPUSH", "celery", #"{"body":"[[],{},{}]","headers":{"task":"t","id":"1"}}"#))
                #expect(try await worker.backlog() == Backlog(waiting: 1, oldest: nil))
            }
        }
    }

    @Test func theBacklogOfAllQueuesIsReadWithoutWhatWorkersHold() async throws {
        try await QueueSystem.run {
            $0.queues = [QueueShare("celery"), QueueShare("bulk")]
        } _: { system in
            let worker = TaskWorker(system.configuration, registry: TaskRegistry(), logger: QueueSystem.logger)
            let foreign = #"{"body":"[[],{},{}]","headers":{"task":"t","id":"1"}}"#
            for list in ["celery", "bulk", "bulk"] {
                _ = try await system.client.send(RedisCommand("LPUSH", list, foreign))
            }
            try await worker.client.whileRunning {
                _ = try await system.client.send(RedisCommand("CONFIG", "RESETSTAT"))
                #expect(try await worker.backlog() == Backlog(waiting: 3, oldest: nil))
            }
            let calls = try await system.client.send(RedisCommand("INFO", "commandstats")).text
            #expect(calls.contains("cmdstat_llen:calls=8,") && calls.contains("cmdstat_lrange:calls=8,"))
            for command in ["hkeys", "zrange", "hgetall", "evalsha"] { #expect(!calls.contains("cmdstat_\(command):")) }
        }
    }
}
