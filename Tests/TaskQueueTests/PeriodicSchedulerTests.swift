import Logging
import RedisClient
import ServiceLifecycle
import TestSupport
import Testing

@testable import TaskQueue

/// Schedulers against a real server of the test's own.
@Suite(.timeLimit(.minutes(5))) struct PeriodicSchedulerTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let keys = QueueKeys(queue: "celery")
    private static let expiry = Duration.seconds(3600)

    private struct System {
        let server: RedisServer
        let client: RedisClient
    }

    private func withSystem(_ body: (System) async throws -> Void) async throws {
        let server = try await RedisServer.start(appendOnly: true)
        let client = RedisClient(try configuration(server), logger: logger)
        try await client.whileRunning { try await body(System(server: server, client: client)) }
    }

    private func configuration(_ server: RedisServer) throws -> RedisConfiguration {
        var redis = RedisConfiguration(url: try RedisURL(server.url(database: 3)))
        redis.commandTimeout = .seconds(2)
        return redis
    }

    private func task(
        _ name: String = "tick", _ schedule: PeriodicSchedule = .every(.seconds(1)), _ missed: MissedRuns = .skip,
        grace: Duration = .seconds(60)
    ) throws -> PeriodicTask {
        try PeriodicTask(
            name, schedule, TaskDefinition<NoArguments, Int>(name), NoArguments(), expires: Self.expiry,
            missedRuns: missed, grace: grace)
    }

    private func scheduler(_ system: System, _ tasks: [PeriodicTask], name: String = "s") throws -> PeriodicScheduler {
        try PeriodicScheduler(broker: configuration(system.server), tasks: tasks, name: name, logger: logger)
    }

    /// Lets a scheduler run while the closure does.
    private func running(_ scheduler: PeriodicScheduler, _ body: () async throws -> Void) async throws {
        async let _: Void = scheduler.run()
        try await body()
    }

    /// The due times in seconds of the messages that were sent, in their order, told from when they expire.
    private func sent(_ system: System, _ list: String = "celery", task: String = "tick") async throws -> [Int] {
        try await system.client.listElements(list, from: 0, to: -1).reversed().compactMap { raw in
            let message = try TaskMessage(raw)
            guard message.task == task else { return nil }
            let expires = try #require(message.expires)
            return expires.adding(.zero - Self.expiry).microseconds / 1_000_000
        }
    }

    private func statistic(_ system: System, _ name: String) async throws -> Int {
        try await system.client.send(RedisCommand("HGET", keys.statistics, name)).optional?.integer ?? 0
    }

    private func record(_ system: System, _ name: String = "tick") async throws -> Int? {
        try await system.client.hashValue(keys.periodic, name).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    }

    private func setRecord(_ system: System, _ name: String, _ milliseconds: Int) async throws {
        _ = try await system.client.send(RedisCommand("HSET", keys.periodic, name, milliseconds))
    }

    private func expectEachOnce(_ times: [Int]) throws {
        let first = try #require(times.first)
        #expect(times == Array(first..<first + times.count))
    }

    // MARK: - Leadership

    @Test func ofThreeSchedulersOneSendsEachRunOnce() async throws {
        try await withSystem { system in
            let schedulers = try (0..<3).map { try scheduler(system, [task()], name: "s\($0)") }
            try await running(schedulers[0]) {
                try await running(schedulers[1]) {
                    try await running(schedulers[2]) {
                        try await eventually("five are sent") { try await sent(system).count >= 5 }
                        #expect(schedulers.count { $0.isLeading } == 1)
                        let leader = try #require(schedulers.first { $0.isLeading })
                        #expect(try await system.client.get(keys.scheduler) == leader.id)
                    }
                }
            }
            let times = try await sent(system)
            try expectEachOnce(times)
            #expect(try await record(system) == times.last.map { $0 * 1000 })
            #expect(try await statistic(system, "periodic") == times.count)
            #expect(try await system.client.exists(keys.scheduler) == false)
        }
    }

    @Test func whenTheLeaderStopsAnotherOneGoesOn() async throws {
        try await withSystem { system in
            let first = try scheduler(system, [task()], name: "first")
            let second = try scheduler(system, [task()], name: "second")
            let group = ServiceGroup(services: [first], logger: logger)
            let running = Task { try await group.run() }
            try await eventually("the first one leads") { first.isLeading }
            try await self.running(second) {
                try await eventually("it sends") { try await !sent(system).isEmpty }
                #expect(!second.isLeading)
                await group.triggerGracefulShutdown()
                try await running.value
                #expect(!first.isLeading)
                try await eventually("the second one leads") { second.isLeading }
                let count = try await sent(system).count
                try await eventually("it sends") { try await sent(system).count >= count + 2 }
            }
            try expectEachOnce(try await sent(system))
        }
    }

    @Test func aLeaderThatCrashedIsFollowed() async throws {
        try await withSystem { system in
            try await system.client.set(keys.scheduler, "crashed", expiry: .seconds(3))
            let scheduler = try scheduler(system, [task()])
            try await running(scheduler) {
                try await eventually("it sends") { try await sent(system).count >= 2 }
                #expect(try await system.client.get(keys.scheduler) == scheduler.id)
            }
            try expectEachOnce(try await sent(system))
        }
    }

    @Test func whoHasLostTheLeadershipSendsNothing() async throws {
        try await withSystem { system in
            let tasks = [try task()]
            let old = PeriodicBroker(keys: keys, scheduler: "old", client: system.client)
            let new = PeriodicBroker(keys: keys, scheduler: "new", client: system.client)
            guard case .leads(let now, let records) = try await old.lead(tasks) else {
                Issue.record("nobody else leads")
                return
            }
            let due = DueRuns(sent: [now], last: now.adding(.seconds(1)), missed: nil)
            guard case .follows = try await new.lead(tasks) else {
                Issue.record("there are two leaders")
                return
            }
            #expect(try await new.fire(tasks[0], due, after: records[0]) == false)
            #expect(try await old.fire(tasks[0], due, after: records[0]) == true)
            // Its reply was lost, it tries again.
            #expect(try await old.fire(tasks[0], due, after: records[0]) == false)
            try await old.resign()
            guard case .leads(_, let newRecords) = try await new.lead(tasks) else {
                Issue.record("the leadership was not given up")
                return
            }
            #expect(newRecords[0].time == due.last)
            // A leader that does not know yet that it is none.
            #expect(try await old.fire(tasks[0], due, after: newRecords[0]) == false)
            try await old.resign()
            #expect(try await system.client.get(keys.scheduler) == "new")
            #expect(try await system.client.listLength("celery") == 1)
        }
    }

    @Test func redisRestartsAndEachRunIsStillSentOnce() async throws {
        try await withSystem { system in
            try await running(try scheduler(system, [task()])) {
                try await running(try scheduler(system, [task()])) {
                    try await eventually("it sends") { try await sent(system).count >= 2 }
                    system.server.kill()
                    try await system.server.restart()
                    let count = try await sent(system).count
                    try await eventually("it goes on") { try await sent(system).count >= count + 3 }
                }
            }
            try expectEachOnce(try await sent(system))
        }
    }

    @Test func aTaskThatRedisRefusesDoesNotHoldUpTheOthers() async throws {
        try await withSystem { system in
            var refused = try task("refused")
            refused.queue = "no-list"
            try await system.client.set("no-list", "text", expiry: nil)
            try await running(try scheduler(system, [refused, task()])) {
                try await eventually("the other one is sent") { try await sent(system).count >= 2 }
                try await system.client.delete("no-list")
                try await eventually("it is sent when it can be") {
                    try await sent(system, "no-list", task: "refused").count >= 2
                }
            }
            try expectEachOnce(try await sent(system, "no-list", task: "refused"))
        }
    }

    @Test func aFullRedisGetsNoMoreMessages() async throws {
        try await withSystem { system in
            let scheduler = try scheduler(system, [task()])
            try await running(scheduler) {
                try await eventually("it sends") { try await !sent(system).isEmpty }
                try await system.server.cli("CONFIG", "SET", "maxmemory", "1")
                try await eventually("it is refused") {
                    try await system.server.cli("INFO", "errorstats").contains("errorstat_OOM")
                }
                let count = try await sent(system).count
                try await system.server.cli("CONFIG", "SET", "maxmemory", "0")
                try await eventually("it sends again") { try await sent(system).count >= count + 2 }
            }
            try expectEachOnce(try await sent(system))
        }
    }

    // MARK: - Missed runs

    /// A schedule of each hour, and its last due time in seconds: half an hour ago, so that none comes during a test.
    private func hourly() throws -> (schedule: PeriodicSchedule, last: Int) {
        let last = WireTime.now.milliseconds / 60_000 * 60 - 1800
        return (try PeriodicSchedule("\(last % 3600 / 60) * * * *"), last)
    }

    /// What is sent of a task whose last four due times nobody has dealt with.
    private func sentAfterMissing(_ policy: MissedRuns, grace: Duration) async throws -> (sent: [Int], last: Int) {
        let (schedule, last) = try hourly()
        var times: [Int] = []
        try await withSystem { system in
            try await setRecord(system, "tick", (last - 4 * 3600) * 1000)
            try await running(try scheduler(system, [task("tick", schedule, policy, grace: grace)])) {
                try await eventually("they are dealt with") { try await record(system) == last * 1000 }
            }
            times = try await sent(system)
            #expect(try await statistic(system, "periodic") == times.count)
        }
        return (times, last)
    }

    @Test func missedRunsAreSkipped() async throws {
        #expect(try await sentAfterMissing(.skip, grace: .seconds(60)).sent == [])
    }

    @Test func oneRunMakesUpForAllThatWereMissed() async throws {
        let (sent, last) = try await sentAfterMissing(.runOnce, grace: .seconds(60))
        #expect(sent == [last])
    }

    @Test func theLatestMissedRunsAreMadeUpFor() async throws {
        let (sent, last) = try await sentAfterMissing(.runAll(atMost: 3), grace: .seconds(60))
        #expect(sent == [last - 7200, last - 3600, last])
    }

    @Test func moreThanOneStepSendsAreSentOnceAndInOrder() async throws {
        let schedule = PeriodicSchedule.every(.seconds(1))
        try await withSystem { system in
            let often = try task("often", schedule, .runAll(atMost: 1200), grace: .zero)
            try await running(try scheduler(system, [often])) {
                try await eventually("it is known") { try await record(system, "often") != nil }
            }
            let seen = try #require(try await record(system, "often"))
            try await setRecord(system, "often", seen - 2_000_000)
            try await running(try scheduler(system, [often])) {
                try await eventually("they are sent") { try await sent(system, task: "often").count >= 1200 }
            }
            let times = try await sent(system, task: "often")
            try expectEachOnce(times)
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 == $0 + 1 })
        }
    }

    @Test func aRunThatIsLateWithinTheGraceWasNotMissed() async throws {
        let (sent, last) = try await sentAfterMissing(.skip, grace: .seconds(2 * 3600))
        #expect(sent == [last - 3600, last])
    }

    @Test func aNewTaskHasMissedNothing() async throws {
        let (schedule, last) = try hourly()
        try await withSystem { system in
            let new = try task("new", schedule, .runAll(atMost: 100), grace: .seconds(7200))
            try await running(try scheduler(system, [new, task()])) {
                try await eventually("the other one is sent") { try await sent(system).count >= 2 }
            }
            #expect(try await sent(system, task: "new") == [])
            let seen = try #require(try await record(system, "new"))
            #expect(seen > last * 1000)
        }
    }

    // MARK: - Changes

    @Test func aChangedScheduleStartsAfreshAndARemovedTaskIsForgotten() async throws {
        try await withSystem { system in
            let yearly = try task("changing", try PeriodicSchedule("@yearly"), .runAll(atMost: 100))
            try await running(try scheduler(system, [yearly, task("going")])) {
                try await eventually("both are known") {
                    let records = [try await record(system, "changing"), try await record(system, "going")]
                    return !records.contains(nil)
                }
            }
            let seen = try #require(try await record(system, "changing"))
            try await setRecord(system, "changing", seen - 50_000)
            let start = WireTime.now.milliseconds
            let often = try task("changing", .every(.seconds(1)), .runAll(atMost: 100), grace: .zero)
            try await running(try scheduler(system, [often])) {
                try await eventually("it is sent") { try await sent(system, task: "changing").count >= 2 }
            }
            let times = try await sent(system, task: "changing")
            try expectEachOnce(times)
            #expect(times.allSatisfy { $0 * 1000 > start })
            #expect(try await record(system, "going") == nil)
            let schedules = try await system.client.hash(keys.periodicSchedules)
            #expect(schedules.map(\.field) == ["changing"])
        }
    }

    @Test(arguments: ["nonsense", "-5", "99999999999999999999", "4000000000000"])
    func aRecordThatMakesNoSenseStartsAfresh(_ text: String) async throws {
        try await withSystem { system in
            _ = try await system.client.send(RedisCommand("HSET", keys.periodic, "tick", text))
            try await running(try scheduler(system, [task()])) {
                try await eventually("it sends") { try await sent(system).count >= 2 }
            }
            try expectEachOnce(try await sent(system))
        }
    }

    // MARK: - Whole

    @Test func twoTasksOfOneNameAreRefused() throws {
        let redis = RedisConfiguration(url: try RedisURL("redis://127.0.0.1:1/0"))
        #expect(throws: PeriodicTaskError.self) {
            try PeriodicScheduler(broker: redis, tasks: [task(), task()], logger: logger)
        }
    }

    @Test func aWorkerRunsWhatTheSchedulerSends() async throws {
        struct Note: TaskArguments {
            var text: String
            var times: Int
            static let parameterNames = ["text", "times"]
        }
        try await withSystem { system in
            let tasks = try PeriodicTask.list(
                fromJSON: Array(
                    """
                    [{"name": "note", "schedule": "every 1s", "task": "note", "args": ["x"], "kwargs": {"times": 3},
                      "priority": 9}]
                    """.utf8))
            var registry = TaskRegistry()
            registry.register(TaskDefinition<Note, Int>("note")) { note, _ in
                guard note.text == "x", note.times == 3 else { throw TaskRejection("wrong", "other arguments") }
                return 0
            }
            let worker = TaskWorker(
                WorkerConfiguration(broker: try configuration(system.server), name: "test@here"), registry: registry,
                logger: logger)
            async let _: Void = worker.run()
            try await running(try scheduler(system, tasks)) {
                try await eventually("they run") { try await statistic(system, "succeeded") >= 2 }
            }
            #expect(try await statistic(system, "dead") == 0)
        }
    }
}
