import RedisClient
import Synchronization
import TestSupport
import Testing

@testable import TaskQueue

/// Limits of what lies outside the queue, over all workers.
@Suite(.timeLimit(.minutes(5))) struct SharedLimitTests {
    // MARK: - In a time

    /// Starts until it has to wait; how many there were.
    private func starts(_ rate: SharedRate) async -> Int {
        var count = 0
        while await rate.start() == nil { count += 1 }
        return count
    }

    @Test func allWorkersTogetherStartNoMoreOftenThanTheRate() async throws {
        try await QueueSystem.run { system in
            let limit = RateLimit(10, per: .seconds(3600), burst: 10)
            let rates = (0..<3).map { _ in SharedRate(limit, key: "rate", client: system.client) }
            let counts = await withTaskGroup(of: Int.self) { group in
                for rate in rates { for _ in 0..<4 { group.addTask { await starts(rate) } } }
                return await group.reduce(0, +)
            }
            // What a worker has taken and not used in time is lost.
            #expect((1...10).contains(counts))
            let wait = try #require(await rates[0].start())
            #expect(wait > .seconds(60), "six minutes for one")
            #expect(try await system.client.send(RedisCommand("PTTL", "rate")).integer > 0)
        }
    }

    @Test func aQuickWorkerAsksRedisForManyAtOnce() async throws {
        try await QueueSystem.run { system in
            let rate = SharedRate(
                RateLimit(1_000_000, per: .seconds(1), burst: 50_000), key: "rate", client: system.client)
            func scripts() async throws -> Int {
                let text = try await system.client.send(RedisCommand("INFO", "commandstats")).text
                let calls = text.split(separator: "\n").filter { $0.contains("cmdstat_eval") }
                    .compactMap { $0.split(separator: "calls=").last?.prefix { $0.isNumber } }
                return calls.compactMap { Int($0) }.reduce(0, +)
            }
            let before = try await scripts()
            for _ in 0..<20_000 {
                while let wait = await rate.start() { try await Task.sleep(for: wait) }
            }
            #expect(try await scripts() - before < 5_000)
        }
    }

    @Test func withoutRedisNothingStarts() async throws {
        try await QueueSystem.run { system in
            let rate = SharedRate(RateLimit(1000, per: .seconds(1), burst: 100), key: "rate", client: system.client)
            let places = SharedPlaces(10, key: "places", worker: "a", client: system.client)
            _ = try await system.client.send(RedisCommand("SET", "places", "no hash"))
            _ = try await system.client.send(RedisCommand("LPUSH", "rate", "no string"))
            #expect(await rate.start() != nil)
            #expect(await places.enter() != nil)
            _ = try await system.client.send(RedisCommand("DEL", "rate", "places"))
            try await eventually("it goes on when Redis answers") { await rate.start() == nil }
            try await eventually("it goes on when Redis answers") { await places.enter() == nil }
        }
    }

    // MARK: - At once

    private func places(_ number: Int, _ worker: String, _ system: QueueSystem) -> SharedPlaces {
        SharedPlaces(number, key: "places", worker: worker, client: system.client)
    }

    /// Enters until it has to wait; how many there were.
    private func entries(_ places: SharedPlaces) async -> Int {
        var count = 0
        while await places.enter() == nil { count += 1 }
        return count
    }

    @Test func noMoreArePlacedThanThereArePlaces() async throws {
        try await QueueSystem.run { system in
            let (first, second) = (places(4, "a", system), places(4, "b", system))
            #expect(await entries(first) == 4)
            #expect(await entries(second) == 0)
            first.leave()
            first.leave()
            await first.release()
            try await eventually("they go to the other one") { await second.enter() == nil }
            #expect(await entries(second) <= 1)
            for _ in 0..<2 { first.leave() }
            await first.release()
            #expect(try await system.client.send(RedisCommand("HEXISTS", "places", "a")).integer == 0)
            #expect((1...10_000).contains(try await system.client.send(RedisCommand("PTTL", "places")).integer))
        }
    }

    @Test func aDeadWorkersPlacesComeBack() async throws {
        try await QueueSystem.run { system in
            let now = try await system.client.send(RedisCommand("TIME")).array[0].integer * 1000
            let living = places(3, "living", system)
            _ = try await system.client.send(RedisCommand("HSET", "places", "dead", "3 3 \(now + 60_000)"))
            #expect(await living.enter() != nil)
            _ = try await system.client.send(RedisCommand("HSET", "places", "dead", "3 3 \(now - 1000)"))
            try await eventually("its lease is over") { await living.enter() == nil }
            #expect(try await system.client.send(RedisCommand("HEXISTS", "places", "dead")).integer == 0)
        }
    }

    @Test func whereThereAreTooFewNobodyKeepsMoreThanAnEqualPart() async throws {
        try await QueueSystem.run { system in
            let (greedy, late) = (places(10, "greedy", system), places(10, "late", system))
            await withDiscardingTaskGroup { group in
                group.addTask { await greedy.keep() }
                group.addTask { await late.keep() }
                // It wants ten all the time.
                for _ in 0..<10 {
                    group.addTask {
                        while !Task.isCancelled {
                            let wait = await greedy.enter()
                            try? await Task.sleep(for: wait ?? .milliseconds(5))
                            if wait == nil { greedy.leave() }
                        }
                    }
                }
                var count = 0
                while count < 4 {
                    if await late.enter() == nil { count += 1 } else { try? await Task.sleep(for: .milliseconds(10)) }
                }
                group.cancelAll()
            }
        }
    }

    /// How many are inside, how many were at most, and how many in all.
    private final class Level: Sendable {
        private let counts = Mutex((now: 0, most: 0, all: 0))
        var most: Int { counts.withLock { $0.most } }
        var all: Int { counts.withLock { $0.all } }
        func enter() {
            counts.withLock { counts in
                counts.now += 1
                counts.all += 1
                counts.most = max(counts.most, counts.now)
            }
        }
        func leave() { counts.withLock { $0.now -= 1 } }
    }

    @Test func severalWorkersAtTheirBusiestStayWithinTheLimit() async throws {
        try await QueueSystem.run { system in
            let level = Level()
            let workers = ["a", "b", "c"].map { places(5, $0, system) }
            try await withThrowingDiscardingTaskGroup { group in
                for worker in workers { group.addTask { await worker.keep() } }
                let entering = (0..<60).map { index in
                    Task {
                        for _ in 0..<5 {
                            let worker = workers[index % 3]
                            while let wait = await worker.enter() { try await Task.sleep(for: wait) }
                            level.enter()
                            try await Task.sleep(for: .milliseconds(index % 7))
                            level.leave()
                            worker.leave()
                        }
                    }
                }
                for task in entering { try await task.value }
                group.cancelAll()
            }
            #expect(level.all == 300)
            #expect((2...5).contains(level.most))
        }
    }

    // MARK: - Tasks that wait

    @Test func aTaskThatAsksForMoreTimeUsesUpNoRetry() async throws {
        try await QueueSystem.run { system in
            var task = note
            task.options.maximumRetries = 1
            let runs = Mutex<[Int]>([])
            try await system.producer.enqueue(task, Note(text: "x"))
            try await system.running(
                registry(task) { _, context in
                    let count = runs.withLock { runs in
                        runs.append(context.retries)
                        return runs.count
                    }
                    if count <= 5 { throw TaskRetry.waiting("not yet", for: .zero) }
                    return 0
                }
            ) { _ in
                try await eventually("it ran at last") { try await system.statistic("succeeded") == 1 }
            }
            #expect(runs.withLock { $0 } == [0, 0, 0, 0, 0, 0])
            #expect(try await system.statistic("retried") == 0)
            #expect(try await system.statistic("scheduled") == 5)
            #expect(try await system.statistic("dead") == 0)
        }
    }
}
