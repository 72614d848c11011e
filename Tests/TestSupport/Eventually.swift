public import Testing

/// Polls `condition` until it is true.
///
/// A condition that is still false when `timeout` has passed is recorded as an issue that says `what`;
/// the test then goes on. An error that `condition` throws ends the wait at once.
public func eventually(
    _ what: String, timeout: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    if try await poll(timeout: timeout, condition) { return }
    Issue.record("not within \(timeout): \(what)", sourceLocation: sourceLocation)
}

/// Polls `condition` and tells whether it became true before `timeout` had passed.
func poll(timeout: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + timeout
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline { return false }
        try await Task.sleep(for: .milliseconds(10))
    }
}
