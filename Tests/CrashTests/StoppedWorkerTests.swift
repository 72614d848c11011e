import Foundation
import TaskQueue
import TestSupport
import Testing

@testable import CrashTestWorker

extension CrashTests {
    /// Tasks of a frozen worker are in all the places where its waking up could do harm.
    private struct FrozenJobs {
        /// At the fence, which others pass while it is frozen.
        let passedMeanwhile: Set<TaskID>
        /// At the fence, before which both owners stand when it wakes up.
        let raced: Set<TaskID>
        /// Behind the fence, before they are settled.
        let settledLate: Set<TaskID>
        /// The same, of a task that must not be run again then.
        let held: Set<TaskID>

        var all: Set<TaskID> { takenOver.union(held) }
        var takenOver: Set<TaskID> { passedMeanwhile.union(raced).union(settledLate) }
        var refused: Set<TaskID> { passedMeanwhile.union(raced) }

        init(_ system: CrashSystem) async throws {
            func enqueue(
                _ task: TaskDefinition<Gated, Int>, _ gate: String, _ place: Gated.Place
            ) async throws -> Set<TaskID> {
                try await system.enqueue(task, Gated(gate: gate, place: place), count: 4)
            }
            passedMeanwhile = try await enqueue(CrashTasks.gated, "open-meanwhile", .beforeTheFence)
            raced = try await enqueue(CrashTasks.gated, "open-after-it-woke-up", .beforeTheFence)
            settledLate = try await enqueue(CrashTasks.gated, "open-after-it-woke-up", .afterTheEffect)
            held = try await enqueue(CrashTasks.gatedOnce, "open-after-it-woke-up", .afterTheEffect)
        }
    }

    @Test func aWorkerThatWakesUpAfterItsLeaseDoesNothingThatIsNoLongerItsOwn() async throws {
        try await CrashSystem.running { system in
            let frozen = try system.startWorker("frozen")
            let jobs = try await FrozenJobs(system)
            try await eventually("the tasks stand at their gates") {
                try await Set(system.arrivals(at: frozen)) == jobs.all
            }
            frozen.program.signal(SIGSTOP)

            let other = try system.startWorker("other")
            try await eventually("another worker has taken the jobs over", timeout: .seconds(60)) {
                try await Set(system.arrivals(at: other)) == jobs.takenOver
            }
            try await system.openGate("open-meanwhile")
            try await eventually("some pass the fence while the first worker is frozen") {
                try await system.counter("succeeded") == jobs.passedMeanwhile.count
            }
            frozen.program.signal(SIGCONT)
            try await system.openGate("open-after-it-woke-up")
            try await eventually("the fence stops the first worker") {
                try await Set(system.refusals(at: frozen)) == jobs.refused
            }
            try await eventually("the other worker has done them") {
                try await system.counter("succeeded") == jobs.takenOver.count
            }
            other.program.signal(SIGTERM)
            #expect(try await other.program.waitForExit() == .code(0))

            let later = try await system.enqueue(CrashTasks.work, Work(milliseconds: 10), count: 100)
            try await eventually("the first worker does new jobs") {
                try await system.executions().count { $0.worker == "frozen" && later.contains($0.task) } == later.count
            }
            // What it has to settle it has settled when it is gone.
            frozen.program.signal(SIGTERM)
            #expect(try await frozen.program.waitForExit() == .code(0))

            let executions = try await system.executions()
            func owners(_ tasks: Set<TaskID>) -> [TaskID: [String]] {
                Dictionary(grouping: executions.filter { tasks.contains($0.task) }, by: \.task)
                    .mapValues { $0.map(\.worker) }
            }
            func each(of tasks: Set<TaskID>, by workers: String...) -> [TaskID: [String]] {
                Dictionary(uniqueKeysWithValues: tasks.map { ($0, workers) })
            }
            #expect(owners(jobs.passedMeanwhile) == each(of: jobs.passedMeanwhile, by: "other"))
            #expect(owners(jobs.raced) == each(of: jobs.raced, by: "other"))
            #expect(owners(jobs.settledLate) == each(of: jobs.settledLate, by: "frozen", "other"))
            #expect(owners(jobs.held) == each(of: jobs.held, by: "frozen"))
            #expect(owners(later) == each(of: later, by: "frozen"))

            #expect(try await system.counter("succeeded") == jobs.takenOver.count + later.count)
            #expect(try await system.counter("redelivered") == jobs.takenOver.count)
            #expect(try await system.counter("retried") == 0)
            let letters = try await QueueInspector(client: system.client, queue: system.keys.queue)
                .deadLetters.list(limit: 100)
            #expect(Set(letters.compactMap(\.taskID).map { TaskID($0) }) == jobs.held)
            #expect(letters.allSatisfy { $0.reason == "unknown" })
            #expect(letters.count == jobs.held.count)
            try await system.expectNothingLeft()
        }
    }
}
