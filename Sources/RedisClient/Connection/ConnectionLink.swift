/// What the event loop's thread alone knows of a connection: the transport that it has just now, and how far it got.
struct ConnectionLink {
    typealias Instant = ContinuousClock.Instant

    var transport: (any Transport)?
    /// Where the transport leads.
    var address: ServerAddress?
    /// The greeting that is still going on; nil when callers' commands may be written.
    var handshake: Handshake?
    /// Until when the connection must be ready; nil when it is.
    var connectDeadline: Instant?
    var pulse: Pulse?
    /// The connection was good once, so that the next attempt need not wait long.
    var wasReady = false
    /// It is not to be opened any more.
    var isShutDown = false
    /// What is written next. It stays, so that each flush finds room that was made before.
    var buffer: [UInt8] = []

    /// Callers' commands may be written.
    var isReady: Bool { transport != nil && handshake == nil }

    /// The transport is gone.
    mutating func forgetTransport() {
        transport = nil
        address = nil
        handshake = nil
        connectDeadline = nil
        pulse = nil
        buffer = []
    }
}
