import RedisClient
import TaskQueue

/// What tasks do in the test's eyes: notes in Redis, timed by the server's clock alone.
struct Notebook: Sendable {
    /// List: `<task's id> <worker> <µs before the claim was confirmed> <µs of the effect>`.
    static let journal = "journal"
    /// List: `<task's id> <worker>`, when a task has come to its gate.
    static let arrivals = "at-gate"
    /// List: `<task's id> <worker>`, when a task was stopped by the fence.
    static let refusals = "refused"

    private static let note = RedisScript(
        name: "note",
        source: Array(
            """
            local time = redis.call('TIME')
            local microseconds = string.format('%d%06d', time[1], time[2])
            return redis.call('RPUSH', KEYS[1], table.concat({ARGV[1], ARGV[2], ARGV[3], microseconds}, ' '))
            """.utf8))

    let redis: RedisClient
    let worker: String

    /// The task's effect, right behind the fence.
    func haveEffect(_ context: TaskContext) async throws {
        // A task that asks after its expiry must not pass. When it has its effect proves nothing: between the fence's
        // last look and the effect any time may pass.
        let asked = try await time()
        do {
            try await context.confirmClaim()
        } catch let lost as ClaimLost {
            try await write(context, to: Self.refusals)
            throw lost
        }
        _ = try await redis.run(Self.note, keys: [Self.journal], arguments: [context.id.text, worker, asked])
    }

    /// Tells that the task is at the gate, and waits until it is open.
    func pass(_ gate: String, _ context: TaskContext) async throws {
        try await write(context, to: Self.arrivals)
        // A look that was under way when the process was stopped may have failed by the time it goes on.
        while (try? await redis.exists(gate)) != true {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func write(_ context: TaskContext, to list: String) async throws {
        _ = try await redis.send(RedisCommand("RPUSH", list, "\(context.id) \(worker)"))
    }

    /// Microseconds by the server's clock.
    private func time() async throws -> Int {
        let time = try await redis.send(RedisCommand("TIME")).array
        return try time[0].integer * 1_000_000 + time[1].integer
    }
}
