/// The version of the protocol that a connection speaks.
public enum RedisProtocolVersion: Sendable, Hashable {
    /// What every server and every hiredis understands: the default.
    case resp2
    /// Maps, sets, doubles and more as kinds of their own. It needs Redis 6 and hiredis 1.0 or later.
    case resp3
}

/// Where a server is and how to talk to it.
public struct RedisConfiguration: Sendable, Hashable {
    /// What a command does that is sent while there is no connection.
    public enum WhileDisconnected: Sendable, Hashable {
        /// It waits for the connection, for at most the command time-out.
        case wait
        /// It fails at once, and so do those that wait when the connection is lost.
        case fail
    }

    /// The server, credentials and database.
    public var url: RedisURL
    /// The name shown by `CLIENT LIST`.
    public var clientName: String?
    /// How long connecting may take: looking the name up, and then the connection to one address, handshake included.
    public var connectTimeout: Duration = .seconds(2)
    /// How long a command may take: waiting to be written, and then for its reply. A server that is silent for longer is
    /// taken for dead.
    public var commandTimeout: Duration = .seconds(5)
    /// After how long without a sign of life an idle connection is asked `PING`. When no answer comes within the command
    /// time-out, it is given up and made anew. So a peer that vanished without a word is noticed within the sum of both.
    public var healthCheckInterval: Duration = .seconds(10)
    /// What happens to commands while the server is away.
    public var whileDisconnected: WhileDisconnected = .wait
    /// How many connections all tasks share, in turns. One is enough until large replies hold up small ones.
    public var connections = 1
    /// How many commands a connection may have written that are not answered yet. Further ones wait, so that a caller
    /// that outruns the server is slowed down, and the server need not hold the replies of all of them.
    public var mostInFlightCommands = 4096
    /// How many commands may wait for being written before further ones are refused.
    public var mostWaitingCommands = 100_000
    /// How many bytes of commands may wait for being written before further ones are refused.
    public var mostWaitingBytes = 256 * 1024 * 1024
    /// The version of the protocol.
    public var protocolVersion = RedisProtocolVersion.resp2

    /// The defaults for that server, and what the URL says.
    public init(url: RedisURL) {
        self.url = url
        clientName = url.options.clientName
        connectTimeout = url.options.connectTimeout ?? connectTimeout
        commandTimeout = url.options.commandTimeout ?? commandTimeout
        healthCheckInterval = url.options.healthCheckInterval ?? healthCheckInterval
        protocolVersion = url.options.protocolVersion ?? protocolVersion
    }
}
