import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct StrangeServerTests {
        @Test(arguments: [
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "\u{0}\u{1}\u{16}\u{3}",
            "$-7\r\n",
            ":twelve\r\n",
            "*99999999999999999999\r\n",
            // This one is a reply that never ends.
            "$1000\r\nabc",
        ])
        func aServerThatAnswersGarbage(_ garbage: String) async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.commandTimeout = .seconds(1) }
            try await client.whileRunning {
                try await client.ping()
                proxy.behaviour = .garbage(Array(garbage.utf8))
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.mayHaveBeenExecuted == true)
                proxy.behaviour = .forward
                try await TaggedTraffic.flow(through: client) { traffic in
                    let connections = proxy.acceptedConnections
                    proxy.behaviour = .garbage(Array(garbage.utf8))
                    try await eventually("the connection is given up") {
                        traffic.failed > 0 && proxy.acceptedConnections > connections
                    }
                    proxy.behaviour = .forward
                    try await traffic.flowOn()
                }
            }
        }

        @Test(arguments: [false, true])
        func aServerThatAnswersOneByteAtATime(alsoHearsSo: Bool) async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            proxy.behaviour = .trickle(bothWays: alsoHearsSo)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.commandTimeout = .seconds(60) }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await traffic.flowOn(2000)
                    #expect(traffic.failed == 0)
                    proxy.behaviour = .forward
                }
            }
        }
    }
}
