import Foundation

extension RedisServer {
    /// Runs the real `redis-cli` with these arguments, to look at the server from outside; gives its text.
    ///
    /// The text is what redis-cli prints when its output is no terminal: bare values, one a line. An error reply of
    /// the server is thrown.
    @discardableResult
    public func cli(_ arguments: String..., database: Int = 0) async throws -> String {
        try await RedisCommandLine(port: port, password: password).run(["-n", "\(database)"] + arguments)
    }
}

/// The real `redis-cli`, for one server on 127.0.0.1.
struct RedisCommandLine {
    let port: Int
    let password: String?

    func run(_ arguments: [String]) async throws -> String {
        let program = try tool("redis-cli", package: "redis-tools")
        let finished = try await Program.run(
            program, ["-e", "-h", "127.0.0.1", "-p", "\(port)"] + arguments,
            environment: password.map { ["REDISCLI_AUTH": $0] } ?? [:])
        guard finished.status == .code(0) else {
            throw TestError("redis-cli \(arguments.joined(separator: " ")): \(finished.output)\(finished.errorOutput)")
        }
        return finished.output.trimmingCharacters(in: .newlines)
    }
}
