import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct RestartTests {
        @Test func aServerRestartedUnderLoad() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    server.kill()
                    try await server.restart()
                    try await traffic.flowOn(20_000)
                    try await server.restart()
                    try await traffic.flowOn()
                    #expect(traffic.failed > 0)
                }
            }
        }
    }
}
