import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct CredentialTests {
        @Test func aMissingPasswordIsNamedUntilNoneIsNeeded() async throws {
            let server = try await RedisServer.start(password: "secret")
            let client = try RedisClient.quiet(RedisURL.local(server.port)) { $0.whileDisconnected = .fail }
            try await client.whileRunning {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .notConnected)
                #expect(error?.message.contains("NOAUTH") == true)
                #expect(error?.message.contains("put the password into the URL") == true)
                try await server.cli("CONFIG", "SET", "requirepass", "")
                try await eventually("the client answers") { await client.answers }
            }
        }

        @Test func aWrongPasswordIsNamedUntilItIsRight() async throws {
            let server = try await RedisServer.start(users: ["app on >right ~* +@all"])
            let client = try RedisClient.quiet("redis://app:wrong@127.0.0.1:\(server.port)/0") {
                $0.whileDisconnected = .fail
            }
            try await client.whileRunning {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.code == .notConnected)
                #expect(error?.message.contains("WRONGPASS") == true)
                #expect(error?.message.contains("check user and password") == true)
                #expect(error?.message.contains("wrong@") == false, "the password is never repeated")
                try await server.cli("ACL", "SETUSER", "app", ">wrong")
                try await eventually("the client answers") { await client.answers }
            }
        }

        @Test func aUserIsDeniedWhatItMayNotDo() async throws {
            let server = try await RedisServer.start(users: ["app on >secret ~app:* +@all -flushall"])
            let client = try RedisClient.quiet("redis://app:secret@127.0.0.1:\(server.port)/0")
            try await client.whileRunning {
                for command in [RedisCommand("FLUSHALL"), RedisCommand("SET", "other:key", "value")] {
                    let error = await #expect(throws: RedisError.self) { try await client.send(command) }
                    #expect(error?.code == .refused)
                    #expect(error?.isTransient == false)
                    #expect(error?.mayHaveBeenExecuted == false)
                    #expect(error?.message.contains("NOPERM") == true)
                    #expect(error?.message.contains("ACL GETUSER") == true)
                }
                _ = try await client.send(RedisCommand("SET", "app:key", "value"))
            }
        }

        @Test func aUserThatIsDeletedUnderLoadAndMadeAgain() async throws {
            let user = ["app", "on", ">secret", "~*", "+@all"]
            let server = try await RedisServer.start(users: [user.joined(separator: " ")])
            let client = try RedisClient.quiet("redis://app:secret@127.0.0.1:\(server.port)/0") {
                $0.whileDisconnected = .fail
            }
            try await client.whileRunning {
                try await client.ping()
                try await TaggedTraffic.flow(through: client) { traffic in
                    try await server.cli("ACL", "DELUSER", "app")
                    try await eventually("callers are told") { traffic.failed > 0 }
                    try await server.cli("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all")
                    try await traffic.flowOn()
                }
            }
        }
    }
}
