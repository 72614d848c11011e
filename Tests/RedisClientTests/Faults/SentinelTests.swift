import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct SentinelTests {
        @Test(arguments: [nil, "secret"])
        func theMasterDiesUnderLoad(password: String?) async throws {
            let group = try await SentinelGroup.start(password: password, sentinelPassword: password)
            let client = try RedisClient.quiet(group.url())
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    let master = try await group.master()
                    #expect(try await port(of: client) == master.port)
                    master.kill()
                    try await eventually("the sentinels agree on a new master") {
                        try await group.master().port != master.port
                    }
                    try await traffic.flowOn()
                    try await writesReachTheMaster(client, group)
                    #expect(try await port(of: client) != master.port)
                }
            }
        }

        @Test func theMasterIsSilentUnderLoadAndComesBackAsAReplica() async throws {
            let group = try await SentinelGroup.start()
            let client = try RedisClient.quiet(group.url()) { $0.commandTimeout = .seconds(1) }
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    let old = try await group.master()
                    old.pause()
                    try await eventually("the sentinels agree on a new master") {
                        try await group.master().port != old.port
                    }
                    try await traffic.flowOn()
                    old.resume()
                    try await eventually("the old master is a replica") {
                        // The sentinels end its connections when they demote it.
                        (try? await old.cli("ROLE"))?.hasPrefix("slave") == true
                    }
                    try await traffic.flowOn()
                    try await writesReachTheMaster(client, group)
                }
            }
        }

        @Test func aPlannedFailoverUnderLoad() async throws {
            let group = try await SentinelGroup.start()
            let client = try RedisClient.quiet(group.url())
            try await client.whileRunning {
                try await TaggedTraffic.flow(through: client) { traffic in
                    let old = try await group.master()
                    try await group.sentinels[0].cli("SENTINEL", "FAILOVER", group.name)
                    try await eventually("the sentinels agree on a new master") {
                        try await group.master().port != old.port
                    }
                    try await traffic.flowOn()
                    try await writesReachTheMaster(client, group)
                }
            }
        }

        @Test func twoSentinelsAreEnough() async throws {
            let group = try await SentinelGroup.start()
            group.sentinels[0].kill()
            let client = try RedisClient.quiet(group.url())
            try await client.whileRunning {
                try await client.ping()
                let master = try await group.master()
                master.kill()
                try await eventually("the sentinels agree on a new master") {
                    try await group.master().port != master.port
                }
                try await writesReachTheMaster(client, group)
            }
        }

        @Test func theMasterServesOnWithoutAnySentinel() async throws {
            let group = try await SentinelGroup.start()
            let client = try RedisClient.quiet(group.url()) { $0.commandTimeout = .seconds(60) }
            try await client.whileRunning {
                try await client.ping()
                for sentinel in group.sentinels { sentinel.kill() }
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await traffic.flowOn()
                    #expect(traffic.failed == 0)
                }
            }
        }

        @Test func aNameThatTheSentinelsDoNotKnowIsNamed() async throws {
            let group = try await SentinelGroup.start()
            let url = group.url().replacing("master_name=\(group.name)", with: "master_name=nobody")
            let client = try RedisClient.quiet(url) { $0.whileDisconnected = .fail }
            await client.whileRunning {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .notConnected)
                #expect(error?.message.contains("nobody") == true, "\(error?.message ?? "")")
            }
        }

        /// What answers reads may still be the old master: what takes a write is the new one.
        private func writesReachTheMaster(_ client: RedisClient, _ group: SentinelGroup) async throws {
            try await eventually("a write reaches the new master") {
                guard (try? await client.send(RedisCommand("SET", "key", "value"))) != nil else { return false }
                let master = try await group.master()
                return (try? await port(of: client)) == master.port
            }
        }

        private func port(of client: RedisClient) async throws -> Int {
            let reply = try await client.send(RedisCommand("CONFIG", "GET", "port")).array
            return try #require(reply.last).integer
        }
    }
}
