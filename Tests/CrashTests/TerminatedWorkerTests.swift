import Foundation
import TaskQueue
import TestSupport
import Testing

@testable import CrashTestWorker

extension CrashTests {
    @Test func aWorkerThatIsTerminatedUnderLoadFinishesWhatItRuns() async throws {
        try await CrashSystem.running { system in
            let jobs = try await system.enqueue(CrashTasks.work, Work(milliseconds: 50), count: 2000)
            let first = try system.startWorker("first")
            let second = try system.startWorker("second")
            try await eventually("both are at work") {
                let executions = try await system.executions()
                return [first, second].allSatisfy { worker in executions.count { $0.worker == worker.name } > 100 }
            }
            first.program.signal(SIGTERM)
            #expect(try await first.program.waitForExit() == .code(0))
            #expect(try await system.counter("succeeded") < jobs.count, "there was more to do")
            try await eventually("the other worker does the rest") {
                try await system.counter("succeeded") == jobs.count
            }
            second.program.signal(SIGTERM)
            #expect(try await second.program.waitForExit() == .code(0))

            #expect(try await system.executions().counts == once(jobs))
            #expect(try await system.counter("redelivered") == 0)
            try await system.expectNothingLeft()
        }
    }

    @Test func aTerminatedWorkerGivesBackWhatItCannotFinish() async throws {
        try await CrashSystem.running { system in
            let jobs = try await system.enqueue(
                CrashTasks.gated, Gated(gate: "open-later", place: .beforeTheFence), count: 16)
            let first = try system.startWorker("first", grace: .zero)
            try await eventually("the tasks stand at their gates") {
                try await Set(system.arrivals(at: first)) == jobs
            }
            first.program.signal(SIGTERM)
            #expect(try await first.program.waitForExit() == .code(0))
            #expect(try await system.statistics().waiting["0"] == jobs.count, "all are back at once")

            let second = try system.startWorker("second")
            try await system.openGate("open-later")
            try await eventually("the other worker does them") { try await system.counter("succeeded") == jobs.count }
            second.program.signal(SIGTERM)
            #expect(try await second.program.waitForExit() == .code(0))

            #expect(try await system.executions().counts == once(jobs))
            #expect(try await system.counter("given_back") == jobs.count)
            #expect(try await system.counter("redelivered") == 0)
            try await system.expectNothingLeft()
        }
    }

    private func once(_ tasks: Set<TaskID>) -> [TaskID: Int] {
        Dictionary(uniqueKeysWithValues: tasks.map { ($0, 1) })
    }
}
