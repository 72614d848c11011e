import Synchronization

/// Counts jobs, and reads the process's figures at the moment when chosen ones are done.
final class Milestones: Sendable {
    struct Reading: Sendable {
        let nanoseconds: UInt64
        let cpuSeconds: Double
        let residentKibibytes: Int

        static func now() throws -> Reading {
            Reading(
                nanoseconds: MonotonicClock.nanoseconds, cpuSeconds: ProcessUsage.cpuSeconds,
                residentKibibytes: try ProcessUsage.residentKibibytes())
        }
    }

    private let numbers: [Int]
    private let done = Atomic(0)
    private let readings: AsyncThrowingStream<Reading, any Error>
    private let continuation: AsyncThrowingStream<Reading, any Error>.Continuation

    /// - Parameter numbers: Which jobs are milestones, counted from 1, ascending.
    init(_ numbers: [Int]) {
        self.numbers = numbers
        (readings, continuation) = AsyncThrowingStream.makeStream()
    }

    /// To be called by each job as its last act.
    func jobIsDone() {
        let number = done.add(1, ordering: .relaxed).newValue
        guard numbers.contains(number) else { return }
        do {
            continuation.yield(try .now())
        } catch {
            continuation.finish(throwing: error)
        }
        if number == numbers.last { continuation.finish() }
    }

    /// The readings, once the last milestone is reached.
    func all() async throws -> [Reading] {
        try await readings.reduce(into: []) { $0.append($1) }
    }
}
