import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct ServerRefusalTests {
        @Test(arguments: ServerRefusal.all)
        func isNamedWithARemedyAndPasses(_ refusal: ServerRefusal) async throws {
            let server = try await RedisServer.start(arguments: refusal.arguments)
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await refusal.begin(server, client)
                let error = try await refused(refusal, client)
                #expect(error.message.contains("Redis refused: \(refusal.prefix) "))
                #expect(error.message.contains(refusal.remedy))
                #expect(error.isTransient == refusal.isTransient)
                #expect(!error.mayHaveBeenExecuted)
                try await refusal.end(server)
                try await eventually("the server takes the command") {
                    (try? await client.send(refusal.command)) != nil
                }
            }
        }

        /// The server's refusal, of the command or already of the connection; one that is just lost is none yet.
        private func refused(_ refusal: ServerRefusal, _ client: RedisClient) async throws -> RedisError {
            var latest: RedisError?
            try await eventually("the server refuses") {
                do throws(RedisError) {
                    _ = try await client.send(refusal.command)
                } catch {
                    latest = error
                }
                return latest?.serverError == ServerErrorKind(rawValue: refusal.prefix)
            }
            return try #require(latest)
        }
    }
}
