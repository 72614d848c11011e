public import Testing

/// Looks at a condition until it is true; when it is not within the time limit, the test has an issue that says what was
/// waited for.
public func eventually(
    _ what: String, timeout: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + timeout
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not within \(timeout): \(what)", sourceLocation: sourceLocation)
}
