import Foundation

/// A real sentinel on 127.0.0.1, in a temporary folder of its own.
///
/// It ends, and its folder goes, with the last reference to this object; it also ends with the test process.
public final class RedisSentinel: Sendable {
    /// The TCP port on 127.0.0.1.
    public let port: Int
    /// What clients must authenticate with, if anything.
    public let password: String?

    private let folder: String
    private let program: Program

    /// Starts a sentinel that watches that master, and waits until it answers.
    static func start(name: String, master: RedisServer, password: String?) async throws -> RedisSentinel {
        let sentinel = try RedisSentinel(name, master, password, folder: TemporaryFolder.make("sms-sentinel"))
        let answered = try await poll(timeout: .seconds(20)) {
            !sentinel.isRunning || Socket.ask(port: sentinel.port, "PING\r\n") != nil
        }
        guard answered, sentinel.isRunning else {
            throw TestError("the sentinel does not answer:\n\(sentinel.program.output)\(sentinel.program.errorOutput)")
        }
        return sentinel
    }

    private init(_ name: String, _ master: RedisServer, _ password: String?, folder: String) throws {
        port = try freePort()
        self.password = password
        self.folder = folder
        // The sentinel writes what it learns into its configuration file.
        let file = "\(folder)/sentinel.conf"
        var lines = [
            "port \(port)", "bind 127.0.0.1", "dir \(folder)",
            "sentinel monitor \(name) 127.0.0.1 \(master.port) 2",
            "sentinel down-after-milliseconds \(name) 1000", "sentinel failover-timeout \(name) 3000",
        ]
        if let password = master.password { lines.append("sentinel auth-pass \(name) \(password)") }
        // Sentinels authenticate with each other by the same password.
        if let password { lines += ["requirepass \(password)", "sentinel sentinel-pass \(password)"] }
        try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        program = try Program.start(tool("redis-server", package: "redis-server"), [file, "--sentinel"])
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Whether the process is there.
    public var isRunning: Bool { program.isRunning }

    /// Kills it (SIGKILL), as a crash would, and waits for its end.
    public func kill() {
        program.signal(SIGKILL)
        program.blockUntilExit()
    }

    /// Runs the real `redis-cli` with these arguments; gives its text.
    @discardableResult
    public func cli(_ arguments: String...) async throws -> String {
        try await RedisCommandLine(port: port, password: password).run(arguments)
    }
}
