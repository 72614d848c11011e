import RedisClient
import Synchronization

/// Tasks that each send a command, await its reply and send the next one, all on one client.
struct Load: Sendable {
    let client: RedisClient
    let tasks: Int
    /// Where the tasks run; nil for Swift's global pool.
    let executor: RedisEventLoop?

    /// Raised once for all tasks. A class, because an atomic cannot be copied into them.
    private final class Flag: Sendable {
        private let value = Atomic(false)

        var isRaised: Bool { value.load(ordering: .relaxed) }

        func raise() { value.store(true, ordering: .relaxed) }
    }

    /// Runs for that long, and returns how many commands were answered.
    func run(_ operations: [Operation], for duration: Duration) async throws -> Int {
        let isOver = Flag()
        async let _: Void = {
            try? await Task.sleep(for: duration)
            isOver.raise()
        }()
        return try await run(operations, shares: Array(repeating: .max, count: tasks), isOver: isOver)
    }

    /// Runs that many commands, shared out equally.
    func run(_ operations: [Operation], commands: Int) async throws -> Int {
        let shares = (0..<tasks).map { commands * ($0 + 1) / tasks - commands * $0 / tasks }
        return try await run(operations, shares: shares, isOver: Flag())
    }

    private func run(_ operations: [Operation], shares: [Int], isOver: Flag) async throws -> Int {
        try await withTaskExecutorPreference(executor) {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for share in shares {
                    group.addTask {
                        var answered = 0
                        while answered < share, !isOver.isRaised {
                            try await operations[answered % operations.count].perform(client)
                            answered += 1
                        }
                        return answered
                    }
                }
                return try await group.reduce(0, +)
            }
        }
    }
}
