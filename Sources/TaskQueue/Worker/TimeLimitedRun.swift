/// An attempt has run for longer than it may.
struct TimeLimitExceeded: Error, CustomStringConvertible {
    let limit: Duration
    let isHard: Bool

    var description: String { "\(isHard ? "hard" : "soft") time limit of \(limit) exceeded" }
}

/// Runs a body that is cancelled, and then given up, when it takes too long.
struct TimeLimitedRun: Sendable {
    let limits: TimeLimits
    let executor: any TaskExecutor

    /// Returns what the body returns.
    ///
    /// - Parameters:
    ///   - exceeded: Called when a limit is reached.
    ///   - leftover: Called with a body that goes on after the hard limit: whoever cares for its place waits for it.
    /// - Throws: What the body throws; ``TimeLimitExceeded`` in place of a mere failure once a limit was reached.
    func run<Result: Sendable>(
        exceeded: @escaping @Sendable (TimeLimitExceeded) -> Void, leftover: (Task<Result, any Error>) -> Void,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        // Not child tasks: those would have to end before this function may return.
        let work = Task(executorPreference: executor) { try await body() }
        let (ends, end) = AsyncStream.makeStream(of: TimeLimitExceeded?.self)
        Task {
            _ = await work.result
            end.yield(nil)
        }
        // Gives the soft limit once it was reached.
        let timer = Task { [limits] () -> TimeLimitExceeded? in
            var reached: TimeLimitExceeded?
            // A soft limit that the hard one comes before has no effect.
            if let soft = limits.soft, limits.hard.map({ soft < $0 }) ?? true {
                guard (try? await Task.sleep(for: soft)) != nil else { return nil }
                let limit = TimeLimitExceeded(limit: soft, isHard: false)
                reached = limit
                exceeded(limit)
                work.cancel()
            }
            guard let hard = limits.hard, (try? await Task.sleep(for: hard - (reached?.limit ?? .zero))) != nil else {
                return reached
            }
            let limit = TimeLimitExceeded(limit: hard, isHard: true)
            exceeded(limit)
            work.cancel()
            end.yield(limit)
            return reached
        }
        defer { timer.cancel() }
        let reached = await withTaskCancellationHandler {
            var iterator = ends.makeAsyncIterator()
            return await iterator.next() ?? nil
        } onCancel: {
            work.cancel()
        }
        if let reached {
            leftover(work)
            throw reached
        }
        do {
            return try await work.value
        } catch {
            timer.cancel()
            let reached = await timer.value
            switch error {
            // What the body has decided itself holds.
            case is TaskHold, is TaskRejection, is TaskRetry, is TaskExpired, is ClaimLost: throw error
            default: throw reached ?? error
            }
        }
    }
}
