import Synchronization

/// Whether a program can do its work: named checks of what it depends on, and whether it is shutting down.
public final class Readiness: Sendable {
    /// Returns when the part is well, throws when it is ill. The error's description is shown on `/readyz`.
    public typealias Check = @Sendable () async throws -> Void

    /// What `/readyz` tells.
    public struct Report: Sendable, Equatable {
        /// Whether the program is on its way out; then it takes no more work.
        public var isShuttingDown: Bool
        /// What is wrong with each part that was checked; nil when it is well.
        public var parts: [String: String?]

        /// Whether the program can take work.
        public var isReady: Bool { !isShuttingDown && parts.values.allSatisfy { $0 == nil } }
    }

    private struct State {
        var checks: [String: Check] = [:]
        var isShuttingDown = false
    }

    private let limit: Duration
    private let state = Mutex(State())

    /// Readiness without checks; each check has `limit` to answer.
    public init(limit: Duration = .seconds(1)) {
        self.limit = limit
    }

    /// Adds a check, or replaces the one of the same name.
    public func addCheck(_ part: String, _ check: @escaping Check) {
        state.withLock { $0.checks[part] = check }
    }

    /// From now on the program is not ready, so that nobody sends it new work while it finishes the old.
    public func beginShutdown() {
        state.withLock { $0.isShuttingDown = true }
    }

    /// Runs all checks at the same time.
    public func report() async -> Report {
        let (checks, isShuttingDown) = state.withLock { ($0.checks, $0.isShuttingDown) }
        let limit = limit
        let parts = await withTaskGroup(of: (String, String?).self) { group in
            for (part, check) in checks {
                group.addTask {
                    do {
                        try await withTimeLimit(limit, check)
                        return (part, nil)
                    } catch {
                        return (part, "\(error)")
                    }
                }
            }
            return await group.reduce(into: [String: String?]()) { $0.updateValue($1.1, forKey: $1.0) }
        }
        return Report(isShuttingDown: isShuttingDown, parts: parts)
    }
}

extension Readiness.Report {
    /// `{"status":"not ready","parts":{"broker":"connection refused","store":"ok"}}`
    var json: [UInt8] {
        var text: [UInt8] = []
        let status = isShuttingDown ? "shutting down" : isReady ? "ready" : "not ready"
        text.append(contentsOf: #"{"status":"\#(status)","parts":{"#.utf8)
        for (index, part) in parts.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            appendJSONString(part.key, to: &text)
            text.append(UInt8(ascii: ":"))
            appendJSONString(part.value ?? "ok", to: &text)
        }
        text.append(contentsOf: "}}\n".utf8)
        return text
    }
}
