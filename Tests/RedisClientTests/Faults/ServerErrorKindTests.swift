import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct ServerErrorKindTests {
        private static let kinds: [(ServerErrorKind, String)] = [
            (.loading, "LOADING"), (.readOnly, "READONLY"), (.masterDown, "MASTERDOWN"), (.tryAgain, "TRYAGAIN"),
            (.misconfigured, "MISCONF"), (.outOfMemory, "OOM"), (.busy, "BUSY"), (.notAuthenticated, "NOAUTH"),
            (.wrongPassword, "WRONGPASS"), (.noPermission, "NOPERM"), (.noScript, "NOSCRIPT"),
            (.wrongType, "WRONGTYPE"),
        ]

        @Test(arguments: kinds)
        func isTheFirstWordOfTheServersError(_ kind: ServerErrorKind, _ prefix: String) {
            let error = RedisError(serverError: "\(prefix) something that the server says")
            #expect(error.serverError == kind)
            #expect(error.serverError?.rawValue == prefix)
            #expect(error.code == .refused)
            #expect(error.message.contains("something that the server says"))
            #expect(error.message.hasSuffix(")"), "the remedy: \(error.message)")
        }

        @Test func aRealServersErrorsCarryIt() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                _ = try await client.send(RedisCommand("SET", "text", "value"))
                let wrongType = await #expect(throws: RedisError.self) {
                    try await client.send(RedisCommand("LPUSH", "text", "value"))
                }
                #expect(wrongType?.serverError == .wrongType)
                let digest = String(repeating: "0", count: 40)
                let noScript = await #expect(throws: RedisError.self) {
                    try await client.send(RedisCommand("EVALSHA", digest, 0))
                }
                #expect(noScript?.serverError == .noScript)
                let unknown = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("NOSUCH")) }
                #expect(unknown?.serverError?.rawValue == "ERR")
            }
        }

        @Test func otherFailuresHaveNone() {
            #expect(RedisError(.connectionLost, "the connection broke").serverError == nil)
        }
    }
}
