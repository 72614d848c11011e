/// Carries the bytes between a connection and its server, and gives whole replies.
///
/// It lives on the event loop's thread: everything is called there, and its events are told there.
protocol Transport: AnyObject {
    /// Starts to connect. What becomes of it is told to `events`, never thrown.
    func open(_ address: ServerAddress, events: TransportEvents)

    /// Writes all of it, now as far as possible, the rest when it can be written.
    func write(_ bytes: [UInt8])

    /// All that was given to ``write(_:)`` has left: the moment to give it more.
    var hasRoom: Bool { get }

    /// Once it is connected: the socket, when bytes may be written to it as they are.
    var directSocket: DirectSocket? { get }

    /// Ends the connection. Further calls do nothing.
    func close(_ reason: RedisError)
}

/// What a transport tells its connection.
struct TransportEvents {
    /// The server can be spoken to.
    var connected: () -> Void
    /// Whole replies have been read, in this order.
    var replies: ([RESPValue]) -> Void
    /// There is room again after there was none.
    var drained: () -> Void
    /// The transport is gone, for this reason. Called once, the last of all calls.
    var closed: (RedisError) -> Void
}

extension Transport {
    var directSocket: DirectSocket? { nil }
}

extension RedisError {
    /// The peer sent what is not the Redis protocol.
    init(_ violation: ProtocolViolation) {
        let message = "the peer does not speak the Redis protocol: \(violation.message)"
        self.init(.protocolViolation, message, mayHaveBeenExecuted: true)
    }
}

/// How soon the kernel notices that a TCP peer is gone while nothing is sent: after 10 s of silence it probes every 3 s, and
/// gives up after three probes.
enum KeepAlive {
    static let idleSeconds: Int32 = 10
    static let intervalSeconds: Int32 = 3
    static let probes: Int32 = 3
    /// All of that; written bytes that stay unacknowledged are given up after the same time.
    static let milliseconds = (idleSeconds + intervalSeconds * probes) * 1000
}
