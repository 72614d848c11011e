import Foundation
import RedisClient
import TaskQueue
import TestSupport
import Testing

/// A worker process was killed: what it left in Redis.
struct Kill {
    /// The name of the worker process.
    let worker: String
    /// When, by the server's clock.
    let time: WireTime
    /// When its lease ends; nil when it had none yet.
    let leaseEnd: WireTime?
    /// What it had claimed.
    let claimed: [TaskID]
    /// What had come to it while it waited.
    let arriving: [TaskID]

    /// All that was in its hands.
    var inFlight: [TaskID] { claimed + arriving }
}

extension CrashSystem {
    /// Kills the process. Tells what it left when the server has carried out all that it had sent before.
    func kill(_ worker: WorkerProcess) async throws -> Kill {
        let id = try await worker.id
        let time = try await time()
        worker.program.signal(SIGKILL)
        try await worker.program.waitForExit()
        try await eventually("the server has seen the end of the worker's connections") {
            try await !client.send(RedisCommand("CLIENT", "LIST")).text.contains("name=\(worker.name)")
        }
        let lease = try await client.send(RedisCommand("ZSCORE", keys.workers, id)).optional?.double
        return Kill(
            worker: worker.name, time: time, leaseEnd: lease.map { WireTime(microseconds: Int($0) * 1000) },
            claimed: tasks(try await client.hash(keys.claimed(by: id)).map(\.value)),
            arriving: tasks(try await client.listElements(keys.arriving(at: id), from: 0, to: -1)))
    }

    /// The tasks among what a worker holds; beside them it notes which ones went out.
    private func tasks(_ values: [[UInt8]]) -> [TaskID] {
        values.compactMap { try? TaskMessage($0) }.map { TaskID($0.id) }
    }
}
