internal import RedisClient

/// Undoes in the store what a request has left there. Where the connection has just broken, it is tried again until there
/// is another one, for less than a second.
///
/// - Parameter steps: May be carried out twice.
func undo(_ steps: () async throws(RedisError) -> Void) async throws(RedisError) {
    for pause in [50, 100, 200, 400] {
        do throws(RedisError) {
            return try await steps()
        } catch {
            guard error.code == .notConnected || error.code == .connectionLost else { throw error }
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }
    try await steps()
}
