import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct ScriptFlushTests {
        @Test func noCallerNoticesThatTheServerForgotItsScripts() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url()) { $0.commandTimeout = .seconds(60) }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    for _ in 0..<10 {
                        try await server.cli("SCRIPT", "FLUSH")
                        try await traffic.flowOn()
                    }
                    #expect(traffic.failed == 0)
                }
            }
        }
    }
}
