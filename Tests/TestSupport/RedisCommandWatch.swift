import Foundation

extension RedisServer {
    /// The names of the commands that clients send while the body runs, in their order, as `MONITOR` shows them: not what
    /// scripts run. For a server without a password; the body must not use `cli`.
    public func commands(during body: () async throws -> Void) async throws -> [String] {
        let monitor = try Program.start(
            tool("redis-cli", package: "redis-tools"), ["-h", "127.0.0.1", "-p", "\(port)", "MONITOR"])
        try await monitor.waitForLine(containing: "OK")
        try await body()
        let end = UUID().uuidString
        try await cli("ECHO", end)
        try await monitor.waitForLine(containing: end)
        return monitor.outputLines.prefix { !$0.contains(end) }.compactMap { line in
            // 1700000000.123456 [2 127.0.0.1:5000] "EVALSHA" "…"
            guard let source = line.firstRange(of: "] \""), !line[..<source.lowerBound].hasSuffix(" lua") else {
                return nil
            }
            return line[source.upperBound...].prefix { $0 != "\"" }.uppercased()
        }
    }
}
