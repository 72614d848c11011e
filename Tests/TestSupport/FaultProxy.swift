import Foundation

/// A TCP proxy on 127.0.0.1 between a client and a server, which does to their connections what networks do.
///
/// What a call changes holds for every byte that is sent after the call has returned. The proxy and its connections
/// end with the last reference to this object.
public final class FaultProxy: Sendable {
    /// What becomes of the bytes.
    public enum Behaviour: Sendable {
        /// They pass.
        case forward
        /// Nothing passes, and both sockets stay open: a half-open connection. Bytes and ends of connections are kept
        /// back, and arrive when the behaviour changes: as when a network heals.
        case blackHole
        /// The server's bytes, or those of both, pass one at a time.
        case trickle(bothWays: Bool)
        /// The client gets these bytes in the place of its next reply. The server sees nothing of the request, and that
        /// connection carries nothing else any more.
        case garbage([UInt8])
    }

    /// The port of 127.0.0.1 that clients connect to.
    public let port: Int
    private let relay: Relay

    /// Makes a proxy that forwards to that port of 127.0.0.1.
    public init(to serverPort: Int) throws {
        let port = try freePort()
        guard let relay = Relay(port: port, serverPort: serverPort) else {
            throw TestError("cannot listen on port \(port) of 127.0.0.1")
        }
        self.port = port
        self.relay = relay
        Thread.detachNewThread { relay.run() }
    }

    deinit { relay.end() }

    /// What becomes of the bytes from now on.
    public var behaviour: Behaviour {
        get { relay.withState { $0.behaviour } }
        set { relay.change { $0.behaviour = newValue } }
    }

    /// The next request reaches the server; when its reply comes, the client's connection is closed instead.
    ///
    /// It happens once, to the connection that is the first to get a reply.
    ///
    /// - Parameter others: So many replies pass before, each of which is asked for when the one before has come.
    public func cutBeforeNextReply(after others: Int = 0) { relay.change { $0.repliesBeforeCut = others } }

    /// Whether the cut that was asked for is still to come.
    public var isCutPending: Bool { relay.withState { $0.repliesBeforeCut != nil } }

    /// Closes all connections, on both sides.
    public func dropConnections() { relay.change { $0.closeConnections() } }

    /// Whether new connections are refused; those that are open stay.
    public var refusesConnections: Bool {
        get { relay.withState { $0.refusesConnections } }
        set { relay.change { $0.refuseConnections(newValue) } }
    }

    /// How many connections were accepted so far.
    public var acceptedConnections: Int { relay.withState { $0.acceptedConnections } }
}
