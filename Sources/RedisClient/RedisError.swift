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
        /// The server answered with an error; see ``RedisError/serverError``.
        public static let refused = Code(known: .refused)

        public var description: String { known.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// One sentence for people, with the remedy where there is one.
    public var message: String
    /// False when it is certain that the server did not execute the command. True also when it did, and the trouble came
    /// afterwards: a script that failed on its way, a reply of another kind than expected.
    public var mayHaveBeenExecuted: Bool
    /// The kind of the server's error, also where it is the reason that there is no connection; nil for every other
    /// failure.
    public var serverError: ServerErrorKind?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, mayHaveBeenExecuted: Bool = false, serverError: ServerErrorKind? = nil
    ) {
        self.code = code
        self.message = message
        self.mayHaveBeenExecuted = mayHaveBeenExecuted
        self.serverError = serverError
    }

    /// An error that the server answered with.
    ///
    /// Redis repeats the arguments of a command that it does not know: they are cut off.
    public init(serverError text: String) {
        let text = text.firstRange(of: ", with args beginning with").map { String(text[..<$0.lowerBound]) } ?? text
        let kind = ServerErrorKind(rawValue: String(text.prefix { $0 != " " }))
        let remedy = kind.remedy.map { " (\($0))" } ?? ""
        self.init(.refused, "Redis refused: \(text)\(remedy)", serverError: kind)
    }

    /// An error that a script ended with. It may have written before, unless the server did not let it begin.
    init(serverError text: String, inScript name: String) {
        self.init(serverError: text)
        message += ", in the script \(name)"
        mayHaveBeenExecuted = text.contains("script: ") || !(serverError?.comesBeforeScripts ?? false)
    }

    /// True when the same command may succeed later without anybody mending anything but the connection or the server.
    public var isTransient: Bool {
        switch code {
        case .notConnected, .connectionLost, .timedOut, .overloaded: true
        case .refused: serverError?.isTransient ?? false
        default: false
        }
    }

    public var description: String { message }
}
