import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

/// A real Celery worker and ours on one queue at once, each of which is stopped and started again in the middle.
@Suite(.timeLimit(.minutes(5))) struct MixedFleetTests {
    @Test(arguments: [false, true]) func nothingIsLostWhenEitherIsRestarted(lateAcknowledgement: Bool) async throws {
        try await CelerySystem.run {
            $0.concurrency = 2
        } _: { system in
            var celery = try await startCelery(in: system, lateAcknowledgement)
            try await system.withOurWorker {
                try await enqueue(0..<150, in: system)
                try await eventually("both have work") { try await haveBothRun(10, in: system) }
                try await stop(celery)
                celery = try await startCelery(in: system, lateAcknowledgement)
                try await enqueue(150..<300, in: system)
                try await eventually("both have work again") { try await haveBothRun(50, in: system) }
            }
            try await enqueue(300..<350, in: system)
            try await system.withOurWorker {
                try await enqueue(350..<400, in: system)
                try await eventually("all have run") {
                    try await Set(system.notes().map(number)) == Set(0..<400)
                }
            }
            try await stop(celery)
            #expect(try await system.client.listLength("celery") == 0)
            #expect(try await system.statistic("dead") == 0)
            #expect(try await system.statistic("redelivered") == 0)

            // A Celery worker told to stop may give back what its pool has run without having told it yet, whichever way
            // it acknowledges. What ours has run never runs again.
            var ranHere: Set<Int> = []
            var ranAgain: [String] = []
            for note in try await system.notes() {
                if ranHere.contains(number(note)) { ranAgain.append(note) }
                if note.hasPrefix("swift") { ranHere.insert(number(note)) }
            }
            #expect(ranAgain.isEmpty)
        }
    }

    private func startCelery(in system: CelerySystem, _ lateAcknowledgement: Bool) async throws -> Program {
        try await system.startCelery(
            queue: "celery", lateAcknowledgement: lateAcknowledgement, options: ["--pool", "prefork", "-c", "2"])
    }

    private func stop(_ celery: Program) async throws {
        celery.signal(SIGTERM)
        // Two seconds as a rule. A process of its pool whose last results nobody reads any more waits thirty for that.
        #expect(try await celery.waitForExit(timeout: .seconds(90)) == .code(0))
    }

    private func enqueue(_ numbers: Range<Int>, in system: CelerySystem) async throws {
        try await system.producer.enqueue(SharedTasks.mark, many: numbers.map { .init(number: $0) })
    }

    private func haveBothRun(_ count: Int, in system: CelerySystem) async throws -> Bool {
        let notes = try await system.notes()
        let theirs = notes.count { $0.hasPrefix("python") }
        return theirs >= count && notes.count - theirs >= count
    }

    private func number(_ note: String) -> Int { note.split(separator: " ").last.flatMap { Int($0) } ?? -1 }
}
