import Foundation
import Synchronization

/// A real redis-server of the test's own: on a free port of 127.0.0.1 and a Unix socket, in a folder of its own.
public final class RedisServer: Sendable {
    /// The TCP port, the same after a restart.
    public let port: Int
    private let folder: URL
    private let options: [String]
    private let program: Mutex<Program?>

    private init(port: Int, folder: URL, options: [String]) {
        self.port = port
        self.folder = folder
        self.options = options
        program = Mutex(nil)
    }

    deinit {
        program.withLock { $0 }?.signal(SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts a server and waits until it answers.
    ///
    /// - Parameter options: Further options as on redis-server's command line: `["--appendonly", "yes"]`.
    public static func start(_ options: String...) async throws -> RedisServer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let server = RedisServer(port: try TestEnvironment.freePort(), folder: folder, options: options)
        try await server.start()
        return server
    }

    /// The Unix socket's path.
    public var socketPath: String { folder.appending(path: "redis.sock").path(percentEncoded: false) }

    /// The server's process number.
    public var pid: Int32 { program.withLock { $0?.pid } ?? 0 }

    /// `redis://127.0.0.1:<port>/<database>`
    public func url(database: Int = 0) -> String { "redis://127.0.0.1:\(port)/\(database)" }

    /// `redis+socket:///<path>?virtual_host=<database>`
    public func unixURL(database: Int = 0) -> String { "redis+socket://\(socketPath)?virtual_host=\(database)" }

    /// Starts it again, on the same port and folder, after ``stop()`` or ``kill()``.
    public func start() async throws {
        let path = try TestEnvironment.systemProgram("redis-server", package: "redis-server")
        let started = try Program(
            path,
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", socketPath, "--dir",
                folder.path(percentEncoded: false), "--save", "", "--daemonize", "no",
            ] + options)
        program.withLock { $0 = started }
        _ = try await started.waitForLine(containing: "Ready to accept connections")
    }

    /// Ends it in an orderly way.
    public func stop() async throws {
        try await end(with: SIGTERM)
    }

    /// Kills it.
    public func kill() async throws {
        try await end(with: SIGKILL)
    }

    /// Stops it in its tracks: connections stay open, nothing is answered.
    public func pause() {
        program.withLock { $0 }?.signal(SIGSTOP)
    }

    /// Lets it go on after ``pause()``.
    public func resume() {
        program.withLock { $0 }?.signal(SIGCONT)
    }

    /// Runs redis-cli against it, as a person would, and returns what it prints.
    public func cli(_ arguments: String..., database: Int = 0) async throws -> String {
        let path = try TestEnvironment.systemProgram("redis-cli", package: "redis-tools")
        return try await Program.output(path, ["-p", "\(port)", "-n", "\(database)"] + arguments)
    }

    private func end(with signal: Int32) async throws {
        guard let running = program.withLock({ $0 }) else { return }
        running.signal(signal)
        _ = try await running.waitForExit()
        program.withLock { $0 = nil }
    }
}
