/// Polls `condition` until it is true.
///
/// A condition that is still false when `timeout` has passed ends the test with an error that says `what`, and which line
/// has waited. An error that `condition` throws ends the wait at once.
///
/// This target imports no Testing: a plain build compiles it too, and a static one has no Testing to import.
public func eventually(
    _ what: String, timeout: Duration = .seconds(30), file: String = #fileID, line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    if try await poll(timeout: timeout, condition) { return }
    throw TestError("\(file):\(line): not within \(timeout): \(what)")
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
