import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct LostConnectionTests {
        @Test func theServerKillsConnectionsUnderLoad() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    var kills = 0
                    // On a busy machine a kill may find all commands answered; some kill finds one in flight.
                    while kills < 10 || traffic.failed == 0, kills < 1000 {
                        try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                        try await traffic.flowOn()
                        kills += 1
                    }
                    #expect(traffic.failed > 0)
                }
            }
        }

        @Test func theConnectionBreaksBetweenACommandAndItsReply() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port))
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    for _ in 0..<10 {
                        proxy.cutBeforeNextReply()
                        try await eventually("the connection is cut") { !proxy.isCutPending }
                        try await traffic.flowOn()
                    }
                    #expect(traffic.failed > 0)
                }
            }
        }

        @Test func aCommandWhoseReplyIsCutOffWasExecutedAndSaysThatItMay() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port))
            try await client.whileRunning {
                try await client.ping()
                proxy.cutBeforeNextReply()
                let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("INCR", "n")) }
                #expect(error?.code == .connectionLost)
                #expect(error?.mayHaveBeenExecuted == true)
                try await eventually("the client answers again") { await client.answers }
                #expect(try await server.cli("GET", "n") == "1")
            }
        }

        @Test func connectionsAreDroppedAndNewOnesRefusedForAWhile() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.whileDisconnected = .fail }
            try await client.whileRunning {
                try await client.ping()
                try await TaggedTraffic.flow(through: client) { traffic in
                    proxy.refusesConnections = true
                    proxy.dropConnections()
                    try await eventually("callers are told") { traffic.failed > 0 }
                    proxy.refusesConnections = false
                    try await traffic.flowOn()
                }
            }
        }
    }
}
