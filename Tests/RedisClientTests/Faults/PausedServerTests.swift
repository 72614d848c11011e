import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct PausedServerTests {
        @Test func aServerThatIsStoppedForLongerThanACommandMayTake() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url()) { $0.commandTimeout = .seconds(1) }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    server.pause()
                    try await eventually("callers are told") { traffic.failed > 0 }
                    server.resume()
                    try await traffic.flowOn()
                }
            }
        }

        @Test func aShortStopIsNoFault() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url()) { $0.commandTimeout = .seconds(60) }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    server.pause()
                    let waiting = Task { try await client.send(RedisCommand("ECHO", "mine")).text }
                    server.resume()
                    #expect(try await waiting.value == "mine")
                    try await traffic.flowOn()
                    #expect(traffic.failed == 0)
                }
            }
        }
    }
}
