import Synchronization

/// The port that a server has bound, known once it listens: for tests that bind port 0, and for whoever must wait until a
/// server listens.
public final class ListeningPort: Sendable {
    private struct State {
        var port: Int?
        var nextWaiter = 0
        var waiters: [Int: AsyncStream<Int>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// A port that is not bound yet.
    public init() {}

    /// The server listens on `port` now.
    public func bound(_ port: Int) {
        let waiters = state.withLock { state in
            state.port = port
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values {
            waiter.yield(port)
            waiter.finish()
        }
    }

    /// The port, as soon as the server listens; throws `CancellationError` when the waiting task is cancelled.
    public var number: Int {
        get async throws {
            let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
            let id = state.withLock { state in
                if let port = state.port { continuation.yield(port) }
                state.waiters[state.nextWaiter] = continuation
                state.nextWaiter += 1
                return state.nextWaiter - 1
            }
            defer { state.withLock { $0.waiters[id] = nil } }
            for await port in ports { return port }
            throw CancellationError()
        }
    }
}
