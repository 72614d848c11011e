/// Tells one waiting task that there is something to do. Raised several times before it is looked at, it counts once.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func raise() {
        continuation.yield()
    }

    /// Waits for the next time that it is raised; false when the task was cancelled. For one task at a time.
    func wait() async -> Bool {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next() != nil
    }
}
