import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// Several shared connections, of which some break.
    @Suite struct SharedConnectionsTests {
        @Test func allAreUsedAndComeBack() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) {
                $0.connections = 4
                $0.clientName = "app"
            }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await eventually("four connections are open") { try await connections(server) == 4 }
                    for _ in 0..<10 {
                        proxy.cutBeforeNextReply()
                        try await eventually("a connection is cut") { !proxy.isCutPending }
                        try await traffic.flowOn()
                    }
                    try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                    try await eventually("four connections are open again") { try await connections(server) == 4 }
                    #expect(traffic.failed > 0)
                }
            }
        }

        private func connections(_ server: RedisServer) async throws -> Int {
            try await server.cli("CLIENT", "LIST").split(separator: "\n").count { $0.contains("name=app") }
        }
    }
}
