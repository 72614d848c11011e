/// Why a command could not be carried out. Its text holds no arguments and no replies, so it is safe to log.
public struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. New codes may be added: keep a `default` when you switch over them.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Known: String, Sendable {
            case notConnected, connectionLost, timedOut, cancelled, overloaded, closed
            case invalidURL, unexpectedReply, protocolViolation, refused
        }
        private let known: Known

        /// No connection to the server; the command was not sent.
        public static let notConnected = Code(known: .notConnected)
        /// The connection broke after the command was sent.
        public static let connectionLost = Code(known: .connectionLost)
        /// No answer within the command time-out.
        public static let timedOut = Code(known: .timedOut)
        /// The Swift task that waited was cancelled.
        public static let cancelled = Code(known: .cancelled)
        /// Too many commands wait already.
        public static let overloaded = Code(known: .overloaded)
        /// The client was shut down.
        public static let closed = Code(known: .closed)
        /// The connection URL cannot be used.
        public static let invalidURL = Code(known: .invalidURL)
        /// The reply is of another kind than the caller asked for.
        public static let unexpectedReply = Code(known: .unexpectedReply)
        /// What came is not the Redis protocol.
        public static let protocolViolation = Code(known: .protocolViolation)
        /// The server answered with an error; see ``RedisError/serverPrefix``.
        public static let refused = Code(known: .refused)

        public var description: String { known.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// One sentence for people, with the remedy where there is one.
    public var message: String
    /// False when it is certain that the server did not execute the command.
    public var mayHaveBeenExecuted: Bool
    /// The first word of a server's error, such as `READONLY`; nil for every other failure.
    public var serverPrefix: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, mayHaveBeenExecuted: Bool = false, serverPrefix: String? = nil) {
        self.code = code
        self.message = message
        self.mayHaveBeenExecuted = mayHaveBeenExecuted
        self.serverPrefix = serverPrefix
    }

    /// An error that the server answered with: its first word is the kind, by Redis' convention.
    ///
    /// Redis repeats the arguments of a command that it does not know: they are cut off.
    public init(serverError text: String) {
        let text = text.firstRange(of: ", with args beginning with").map { String(text[..<$0.lowerBound]) } ?? text
        let prefix = String(text.prefix { $0 != " " })
        let remedy = Self.remedies[prefix].map { " (\($0))" } ?? ""
        self.init(.refused, "Redis refused: \(text)\(remedy)", serverPrefix: prefix)
    }

    /// True when the same command may succeed later without anybody mending anything but the connection or the server.
    public var isTransient: Bool {
        switch code {
        case .notConnected, .connectionLost, .timedOut, .overloaded: true
        case .refused: Self.transientPrefixes.contains(serverPrefix ?? "")
        default: false
        }
    }

    public var description: String { message }

    private static let transientPrefixes: Set<String> = [
        "LOADING", "READONLY", "MASTERDOWN", "TRYAGAIN", "MISCONF", "OOM", "BUSY", "CLUSTERDOWN",
    ]

    private static let remedies: [String: String] = [
        "LOADING": "the server is reading its data after a start; wait",
        "READONLY": "this server is a replica; point the URL at the master",
        "MASTERDOWN": "the replica has lost its master; check replication",
        "TRYAGAIN": "the key's slot is being moved; try again",
        "MISCONF": "the server cannot save to disk; free space, then see its log",
        "OOM": "the server is at maxmemory; raise it or remove data",
        "BUSY": "a script runs too long on the server; see SCRIPT KILL",
        "NOAUTH": "put the password into the URL: redis://:password@host",
        "WRONGPASS": "check user and password in the URL",
        "NOPERM": "the ACL user may not do this; see ACL GETUSER",
    ]
}
