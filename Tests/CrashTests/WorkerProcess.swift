import Foundation
import TestSupport

/// A worker in a process of its own.
struct WorkerProcess {
    let name: String
    let program: Program

    /// Starts it; it need not have come to work yet.
    init(name: String, broker: String, concurrency: Int, grace: Duration) throws {
        self.name = name
        program = try Program.start(
            Program.built("CrashTestWorker"),
            [broker, name, "\(concurrency)", "\(Int(grace / .milliseconds(1)))"])
    }

    /// Its name in Redis, as soon as it tells it.
    var id: String {
        get async throws { try await program.waitForLine(containing: "\(name):") }
    }
}
