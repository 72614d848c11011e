internal import RedisClient

/// Carries steps out that belong together in a task of their own: a client that hangs up stops nothing in the middle, such
/// as between the charge and the queue.
func carryOut<Value: Sendable, Failure: Error>(
    _ steps: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    try await Task(executorPreference: RedisEventLoop.shared) { () async -> Result<Value, Failure> in
        do throws(Failure) {
            return .success(try await steps())
        } catch {
            return .failure(error)
        }
    }.value.get()
}
