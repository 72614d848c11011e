import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import CrashTestWorker

extension CrashTests {
    @Test func killedWorkersLoseNothing() async throws {
        let jobCount = try number("SMS_CRASH_JOBS") ?? 20_000
        let seed = try number("SMS_CRASH_SEED") ?? Int.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: UInt64(seed))
        let expiries = expiries(count: jobCount, using: &generator)
        print("crash test: \(jobCount) jobs, SMS_CRASH_SEED=\(seed)")

        try await CrashSystem.running { system in
            // Three quarters wait from the beginning, the rest finds workers that wait.
            var jobs = try await system.enqueue(
                CrashTasks.work, Work(milliseconds: 50), expiries: Array(expiries.dropLast(jobCount / 4)))
            var fleet = try (1...4).map { try system.startWorker("worker-\($0)@crash") }
            async let last = trickle(Array(expiries.suffix(jobCount / 4)), into: system)
            let kills = try await kill(&fleet, of: system, until: jobCount, using: &generator)
            jobs += try await last
            try await eventually("all jobs are done", timeout: .seconds(60)) { try await doneCount(system) == jobCount }
            var living: Set<String> = []
            for worker in fleet { living.insert(try await worker.id) }
            try await eventually("the dead are forgotten, the last ones to replace them are at work") {
                try await system.workers() == living
            }
            for worker in fleet { worker.program.signal(SIGTERM) }
            for worker in fleet { #expect(try await worker.program.waitForExit() == .code(0)) }

            let aftermath = Aftermath(jobs: jobs, kills: kills, executions: try await system.executions())
            report(aftermath)
            expectDeliveryAsPromised(aftermath)
            try await expectStatisticsAddUp(system, jobCount, kills)
            try await system.expectNothingLeft()
        }
    }

    /// Redis moves a message to a worker that waits, and the worker dies before it knows of it.
    @Test func whatHasJustArrivedAtAKilledWorkerIsNotLost() async throws {
        try await CrashSystem.running { system in
            let victim = try system.startWorker("victim@crash")
            let arriving = system.keys.arriving(at: try await victim.id)
            var jobs: Set<TaskID> = []
            try await eventually("a message has come to a worker that cannot see it") {
                victim.program.signal(SIGSTOP)
                jobs.formUnion(try await system.enqueue(CrashTasks.work, Work(milliseconds: 0), count: 1))
                if try await system.client.listLength(arriving) > 0 { return true }
                // It was not waiting just then.
                victim.program.signal(SIGCONT)
                return false
            }
            let kill = try await system.kill(victim)
            #expect(!kill.inFlight.isEmpty)
            let other = try system.startWorker("other@crash")
            try await eventually("another worker does it", timeout: .seconds(60)) {
                let executed = try await system.executions().filter { $0.worker == other.name }.map(\.task)
                return Set(kill.inFlight).isSubset(of: executed)
            }
            try await eventually("the dead one is forgotten") { try await system.workers() == [other.id] }
            other.program.signal(SIGTERM)
            #expect(try await other.program.waitForExit() == .code(0))
            #expect(Set(try await system.executions().map(\.task)) == jobs)
            #expect(try await system.counter("succeeded") == jobs.count)
            try await system.expectNothingLeft()
        }
    }

    private func number(_ variable: String) throws -> Int? {
        guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
        guard let number = Int(text), number >= 0 else { throw TestError("\(variable) is not a number: \(text)") }
        return number
    }

    /// One job in ten expires within ten seconds, so that some expire before anybody gets to them.
    private func expiries(count: Int, using generator: inout SeededGenerator) -> [Duration?] {
        (0..<count).map { _ in
            guard Int.random(in: 0..<10, using: &generator) == 0 else { return nil }
            return .milliseconds(Int.random(in: 1...10_000, using: &generator))
        }
    }

    /// Puts jobs on the queue a few at a time, whenever nothing waits.
    private func trickle(_ expiries: [Duration?], into system: CrashSystem) async throws -> [Job] {
        var jobs: [Job] = []
        for start in stride(from: 0, to: expiries.count, by: 20) {
            try await eventually("the workers have taken what waited", timeout: .seconds(240)) {
                try await system.client.listLength(system.keys.queue) == 0
            }
            jobs += try await system.enqueue(
                CrashTasks.work, Work(milliseconds: 50), expiries: Array(expiries[start...].prefix(20)))
        }
        return jobs
    }

    /// Kills a worker at random every second, and replaces it at once, until nothing waits any more: then the last jobs
    /// are in the hands of the living, or of the dead.
    private func kill(
        _ fleet: inout [WorkerProcess], of system: CrashSystem, until jobCount: Int,
        using generator: inout SeededGenerator
    ) async throws -> [Kill] {
        var kills: [Kill] = []
        // Many times what it takes: jobs that are lost must not keep the test from saying so.
        let most = 30 + jobCount / 200
        while try await isWaiting(system, jobCount), kills.count < most {
            try await Task.sleep(for: .seconds(1))
            let place = Int.random(in: 0..<fleet.count, using: &generator)
            let victim = fleet[place]
            async let kill = system.kill(victim)
            fleet[place] = try system.startWorker("worker-\(fleet.count + kills.count + 1)@crash")
            kills.append(try await kill)
        }
        return kills
    }

    /// True while jobs wait, or are still to come.
    private func isWaiting(_ system: CrashSystem, _ jobCount: Int) async throws -> Bool {
        let statistics = try await system.statistics()
        return statistics.waiting["0"] != 0 || statistics.counters["enqueued"] != jobCount
    }

    private func doneCount(_ system: CrashSystem) async throws -> Int {
        let counters = try await system.statistics().counters
        return ["succeeded", "expired", "dead"].reduce(0) { $0 + (counters[$1] ?? 0) }
    }

    // MARK: - Afterwards

    private func report(_ aftermath: Aftermath) {
        let claimed = aftermath.kills.reduce(0) { $0 + $1.claimed.count }
        let arriving = aftermath.kills.reduce(0) { $0 + $1.arriving.count }
        print(
            """
            crash test: \(aftermath.kills.count) kills, \(claimed) jobs claimed and \(arriving) arriving at them; \
            \(aftermath.duplicates) executed again; \(aftermath.neverReached) expired before anybody got to them
            """)
        let recoveries = aftermath.recoveries.map { seconds($0) }
        guard let longest = recoveries.last else { return }
        print("recovery after a kill: p50 \(recoveries[recoveries.count / 2]), max \(longest)")
    }

    private func seconds(_ duration: Duration) -> String {
        String(format: "%.1f s", duration / .seconds(1))
    }

    private func expectDeliveryAsPromised(_ aftermath: Aftermath) {
        let inFlight = aftermath.kills.reduce(0) { $0 + $1.inFlight.count }
        #expect(inFlight > 0, "the kills hit something")
        #expect(aftermath.lost.map(\.id) == [])
        #expect(aftermath.neverReached > 0, "some expire while they wait")
        #expect(aftermath.late.map(\.task) == [], "none is executed after its expiry")
        #expect(aftermath.duplicates <= inFlight)
        #expect(aftermath.unexplainedDuplicates == [])
        // How soon they are back is printed, not checked; that it is the lease that brings them back is.
        #expect(aftermath.earlyTakeovers.map(\.task) == [])
    }

    private func expectStatisticsAddUp(_ system: CrashSystem, _ jobCount: Int, _ kills: [Kill]) async throws {
        let statistics = try await system.statistics()
        let counters = statistics.counters
        func counter(_ name: String) -> Int { counters[name] ?? 0 }
        #expect(counter("enqueued") == jobCount)
        #expect(counter("succeeded") + counter("expired") == jobCount)
        #expect(counter("dead") == 0)
        #expect(counter("retried") == 0)
        // What had only arrived was not claimed: it may go back without being counted.
        let claimed = kills.reduce(0) { $0 + $1.claimed.count }
        let arriving = kills.reduce(0) { $0 + $1.arriving.count }
        #expect((claimed...claimed + arriving).contains(counter("redelivered")))
        #expect(
            (jobCount + claimed...jobCount + claimed + arriving).contains(counter("claimed")),
            "each claim ends by a settlement or a takeover")
    }
}
