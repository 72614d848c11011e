import Synchronization

/// How a client's connections fare, for metrics: see ``RedisClient/RedisClient/status``.
public struct RedisClientStatus: Sendable, Hashable {
    /// The first of the shared connections is up.
    public var isConnected: Bool
    /// How often a connection of the client has come up, those for one purpose included.
    public var connects: Int
    /// How often a connection that was up was lost, other than by the client's own end.
    public var losses: Int
    /// How many attempts to connect have failed.
    public var failedConnects: Int
}

/// What all connections of a client count together: only where they come and go, so that commands cost nothing.
final class ConnectionCounts: Sendable {
    private let connects = Atomic<Int>(0)
    private let losses = Atomic<Int>(0)
    private let failedConnects = Atomic<Int>(0)

    func noteConnect() { connects.add(1, ordering: .relaxed) }

    func noteEnd(wasReady: Bool) {
        if wasReady { losses.add(1, ordering: .relaxed) } else { failedConnects.add(1, ordering: .relaxed) }
    }

    func status(isConnected: Bool) -> RedisClientStatus {
        RedisClientStatus(
            isConnected: isConnected, connects: connects.load(ordering: .relaxed),
            losses: losses.load(ordering: .relaxed), failedConnects: failedConnects.load(ordering: .relaxed))
    }
}
