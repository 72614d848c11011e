/// Where a server is and how to talk to it.
public struct RedisConfiguration: Sendable, Hashable {
    /// What a command does that is sent while there is no connection.
    public enum WhileDisconnected: Sendable, Hashable {
        /// It waits for the connection, for at most the command time-out.
        case wait
        /// It fails at once when the last attempt to connect has failed.
        case fail
    }

    /// The server, credentials and database.
    public var url: RedisURL
    /// The name shown by `CLIENT LIST`.
    public var clientName: String?
    /// How long connecting may take, handshake included.
    public var connectTimeout: Duration = .seconds(2)
    /// How long a command may take, waiting included. A server that is silent for longer is taken for dead.
    public var commandTimeout: Duration = .seconds(5)
    /// What happens to commands while the server is away.
    public var whileDisconnected: WhileDisconnected = .wait
    /// How many commands may wait for being written before further ones are refused.
    public var mostWaitingCommands = 100_000

    /// The defaults for that server.
    public init(url: RedisURL) {
        self.url = url
    }
}
