import Synchronization

/// The port that a server has bound, known once it listens: for tests that bind port 0, and for whoever must wait until a
/// server listens.
public final class ListeningPort: Sendable {
    private typealias Waiter = AsyncThrowingStream<Int, any Error>.Continuation

    private struct State {
        var result: Result<Int, any Error>?
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
    }

    private let state = Mutex(State())

    /// A port that is not bound yet.
    public init() {}

    /// The server listens on `port` now.
    public func bound(_ port: Int) {
        settle(.success(port))
    }

    /// The server will never listen, or has stopped. After ``bound(_:)`` it changes nothing.
    public func failed(_ error: any Error) {
        settle(.failure(error))
    }

    /// The port, as soon as the server listens; throws why it never will, or `CancellationError` when the waiting task is
    /// cancelled.
    public var number: Int {
        get async throws {
            let (ports, waiter) = AsyncThrowingStream.makeStream(of: Int.self)
            let id = state.withLock { state in
                if let result = state.result { Self.tell(waiter, result) }
                state.waiters[state.nextWaiter] = waiter
                state.nextWaiter += 1
                return state.nextWaiter - 1
            }
            defer { state.withLock { $0.waiters[id] = nil } }
            for try await port in ports { return port }
            throw CancellationError()
        }
    }

    private func settle(_ result: Result<Int, any Error>) {
        let waiters = state.withLock { state in
            if state.result == nil { state.result = result }
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { Self.tell(waiter, result) }
    }

    private static func tell(_ waiter: Waiter, _ result: Result<Int, any Error>) {
        if case .success(let port) = result { waiter.yield(port) }
        if case .failure(let error) = result { waiter.finish(throwing: error) } else { waiter.finish() }
    }
}
