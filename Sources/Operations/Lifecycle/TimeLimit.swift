/// An operation did not end within its time.
struct TimedOut: Error, CustomStringConvertible {
    let limit: Duration

    var description: String { "no answer within \(limit)" }
}

/// The operation's result, or ``TimedOut`` after `limit`, even when the operation does not heed its cancellation: such an
/// operation is left behind, which a task group could not do.
func withTimeLimit<Success: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Success
) async throws -> Success {
    let (results, result) = AsyncStream.makeStream(
        of: Result<Success, any Error>.self, bufferingPolicy: .bufferingOldest(1))
    let work = Task {
        do {
            result.yield(.success(try await operation()))
        } catch {
            result.yield(.failure(error))
        }
    }
    let timer = Task {
        try await Task.sleep(for: limit)
        result.yield(.failure(TimedOut(limit: limit)))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    for await first in results {
        return try first.get()
    }
    throw CancellationError()
}
