/// How long a client may take before its connection is closed: one that is slow, or pretends to be, holds no connection
/// for longer.
public struct ConnectionLimits: Sendable {
    /// Between requests.
    public var idle: Duration = .seconds(60)
    /// For a request, from its head to its end (the first head included, counted from the connection's begin), and as
    /// long again for its answer, until the client has taken all but what the system's buffers hold.
    public var transfer: Duration = .seconds(20)
    /// For the TLS handshake.
    public var handshake: Duration = .seconds(10)
    /// Of a request's body, refused or not, in bytes.
    public var bodyBytes = 1024 * 1024

    /// The limits of the program.
    public init() {}
}
