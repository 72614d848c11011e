import Synchronization

/// Whether a program can do its work: named checks of what it depends on, and whether it is shutting down.
public final class Readiness: Sendable {
    /// What `/readyz` tells.
    public struct Report: Sendable, Equatable {
        /// Whether the program is on its way out; then it takes no more work.
        public var isShuttingDown: Bool
        /// What is wrong with each part that was checked; nil when it is well.
        public var parts: [String: String?]

        /// Whether the program can take work.
        public var isReady: Bool { !isShuttingDown && parts.values.allSatisfy { $0 == nil } }
    }

    private let checks: HealthChecks
    private let shuttingDown = Atomic<Bool>(false)

    /// Readiness without checks; each check has `limit` to answer.
    public init(limit: Duration = .seconds(1)) {
        checks = HealthChecks(limit: limit)
    }

    /// Adds a check, or replaces the one of the same name. An error's description is shown on `/readyz`.
    public func addCheck(_ part: String, _ check: @escaping HealthChecks.Check) {
        checks.add(part, check)
    }

    /// From now on the program is not ready, so that nobody sends it new work while it finishes the old.
    public func beginShutdown() {
        shuttingDown.store(true, ordering: .relaxed)
    }

    /// Returns once all checks hold.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before.
    public func waitUntilReady(lookingEvery period: Duration = .milliseconds(200)) async throws {
        while !(await report().isReady) { try await Task.sleep(for: period) }
    }

    /// Runs all checks at the same time.
    public func report() async -> Report {
        let isShuttingDown = shuttingDown.load(ordering: .relaxed)
        return Report(isShuttingDown: isShuttingDown, parts: await checks.run())
    }
}

extension Readiness.Report {
    /// `{"status":"not ready","parts":{"broker":"connection refused","store":"ok"}}`
    var json: [UInt8] {
        healthJSON(status: isShuttingDown ? "shutting down" : isReady ? "ready" : "not ready", parts: parts)
    }
}
