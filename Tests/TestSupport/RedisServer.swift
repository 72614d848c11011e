public import Foundation

/// A private, real redis-server on a TCP port of 127.0.0.1 and a Unix socket, in a temporary folder of its own.
///
/// It ends, and its folder goes, with the last reference to this object; it also ends with the test process.
public final class RedisServer: Sendable {
    /// The TCP port on 127.0.0.1; it stays the same over `restart()`.
    public let port: Int
    /// The folder with its socket and data files.
    public let folder: String
    /// The server's password, if it asks for one.
    public let password: String?
    /// How and where it speaks TLS, if it was started so.
    let tls: RedisServerTLS.Listener?

    private let arguments: [String]
    private let program: Locked<Program>

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - appendOnly: Keeps the data over `kill()` and `restart()`, with fsync at every write.
    ///   - maxMemory: For example `"2mb"`; beyond it writes are refused (policy noeviction).
    ///   - password: What clients must authenticate with.
    ///   - users: ACL users, for example `"reader on >secret ~app:* +@read"`.
    ///   - tls: Makes it speak TLS too, on a port of its own.
    ///   - port: A certain port; a free one when nil.
    ///   - arguments: More options of redis-server, for example `["--databases", "32"]`.
    public static func start(
        appendOnly: Bool = false, maxMemory: String? = nil, password: String? = nil, users: [String] = [],
        tls: RedisServerTLS? = nil, port: Int? = nil, arguments: [String] = []
    ) async throws -> RedisServer {
        var options = appendOnly ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"]
        if let maxMemory { options += ["--maxmemory", maxMemory] }
        if let password { options += ["--requirepass", password] }
        for user in users { options += ["--user"] + user.split(separator: " ").map(String.init) }
        options += arguments
        var attempt = 1
        while true {
            do {
                let tls = try tls.map { RedisServerTLS.Listener(options: $0, port: try freePort()) }
                return try await start(port: try port ?? freePort(), tls: tls, password: password, options)
            } catch let error as TestError where error.description.contains("Address already in use") && port == nil {
                attempt += 1
                if attempt > 5 { throw error }
            }
        }
    }

    private static func start(
        port: Int, tls: RedisServerTLS.Listener?, password: String?, _ options: [String]
    ) async throws -> RedisServer {
        let folder = try TemporaryFolder.make("sms-redis")
        do {
            let arguments =
                ["--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", "\(folder)/redis.sock", "--dir", folder]
                + ["--daemonize", "no", "--save", "", "--maxmemory-policy", "noeviction"] + (tls?.arguments ?? [])
                + options
            let program = try await launch(arguments, port: port)
            return RedisServer(
                port: port, tls: tls, folder: folder, password: password, arguments: arguments, program: program)
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private static func program(_ arguments: [String]) throws -> Program {
        try Program.start(tool("redis-server", package: "redis-server"), arguments)
    }

    private static func launch(_ arguments: [String], port: Int) async throws -> Program {
        let program = try program(arguments)
        let answered = try await poll(timeout: .seconds(20)) {
            // The process must be alive: the answer could come from another server on the same port.
            !program.isRunning || (Socket.ask(port: port, "PING\r\n").map(isAnswer) ?? false)
        }
        guard program.isRunning else {
            try await program.waitForExit()
            throw TestError("redis-server ended at start:\n\(program.output)\(program.errorOutput)")
        }
        guard answered else { throw TestError("redis-server on port \(port) does not answer:\n\(program.output)") }
        return program
    }

    /// A server that asks for a password is as ready as one that answers; one that still loads is not.
    private static func isAnswer(_ reply: String) -> Bool { reply.hasPrefix("+PONG") || reply.hasPrefix("-NOAUTH") }

    private init(
        port: Int, tls: RedisServerTLS.Listener?, folder: String, password: String?, arguments: [String],
        program: Program
    ) {
        self.port = port
        self.tls = tls
        self.folder = folder
        self.password = password
        self.arguments = arguments
        self.program = Locked(program)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The server's Unix socket.
    public var socketPath: String { "\(folder)/redis.sock" }
    /// The process number of the server; of the last one, while it is stopped.
    public var pid: pid_t { program.withLock { $0.pid } }
    /// Whether the server process is there (it may be paused).
    public var isRunning: Bool { program.withLock { $0.isRunning } }
    /// What the server has logged since its last start.
    public var log: String { program.withLock { $0.output } }

    /// `redis://…` for a database of this server.
    public func url(database: Int = 0) -> String { "redis://\(credentials)127.0.0.1:\(port)/\(database)" }

    /// The same over the Unix socket, in the form that Celery knows.
    public func unixURL(database: Int = 0) -> String {
        "redis+socket://\(credentials)\(socketPath)?virtual_host=\(database)"
    }

    /// Stops the server in good order (SIGTERM) and waits for its end; a second call does nothing.
    public func stop() { end(SIGTERM) }

    /// Kills the server (SIGKILL), as a crash would, and waits for its end.
    public func kill() { end(SIGKILL) }

    /// Freezes the server (SIGSTOP): it accepts connections and answers nothing.
    public func pause() { program.withLock { $0.signal(SIGSTOP) } }

    /// Lets a paused server go on.
    public func resume() { program.withLock { $0.signal(SIGCONT) } }

    /// Starts the server again on the same port, socket and folder; stops it before if it runs.
    public func restart() async throws {
        stop()
        let next = try await Self.launch(arguments, port: port)
        program.withLock { $0 = next }
    }

    /// The same without waiting until it answers: with much data, it is loading at first.
    public func restartAtOnce() throws {
        stop()
        let next = try Self.program(arguments)
        program.withLock { $0 = next }
    }

    private func end(_ signal: Int32) {
        let program = program.withLock { $0 }
        program.signal(signal)
        program.signal(SIGCONT)
        program.blockUntilExit()
    }

    var credentials: String {
        guard let password else { return "" }
        return ":\(password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")@"
    }
}
