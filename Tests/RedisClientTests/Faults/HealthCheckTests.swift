import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// Connections that carry nothing.
    @Suite struct HealthCheckTests {
        @Test func aHalfOpenConnectionIsReplacedBeforeAnybodyNeedsIt() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try client(proxy, commandTimeout: .milliseconds(500))
            try await client.whileRunning {
                try await client.ping()
                let connections = proxy.acceptedConnections
                proxy.behaviour = .blackHole
                try await eventually("the client connects anew") { proxy.acceptedConnections > connections }
                proxy.behaviour = .forward
                try await eventually("the client answers") { await client.answers }
            }
        }

        @Test func aHealthyConnectionIsAskedAndKept() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try client(proxy, commandTimeout: .seconds(30))
            try await client.whileRunning {
                try await client.ping()
                try await server.cli("CONFIG", "RESETSTAT")
                try await eventually("the connection is asked several times") {
                    let statistics = try await server.cli("INFO", "commandstats")
                    let calls = statistics.firstMatch(of: /cmdstat_ping:calls=(\d+)/).flatMap { Int($0.1) }
                    return calls ?? 0 >= 3
                }
                #expect(proxy.acceptedConnections == 1)
            }
        }

        private func client(_ proxy: FaultProxy, commandTimeout: Duration) throws -> RedisClient {
            try RedisClient.quiet(RedisURL.local(proxy.port)) {
                $0.connectTimeout = .seconds(1)
                $0.commandTimeout = commandTimeout
                $0.healthCheckInterval = .milliseconds(200)
                $0.connections = 1
            }
        }
    }
}
