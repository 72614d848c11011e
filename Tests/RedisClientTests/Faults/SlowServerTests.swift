import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// A server that answers all the time, but not as fast as it is asked.
    @Suite struct SlowServerTests {
        /// Takes the server that many microseconds.
        private let work = RedisScript(
            name: "work",
            source: Array(
                """
                local function now() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end
                local start = now()
                while now() - start < tonumber(ARGV[1]) do end
                return ARGV[2]
                """.utf8))

        @Test func itsConnectionIsKeptAndWhoeverWaitedTooLongIsReleased() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url()) { $0.commandTimeout = .milliseconds(1500) }
            try await client.whileRunning {
                try await client.ping()
                let connection = try await client.send(RedisCommand("CLIENT", "ID")).integer
                var (answered, late) = (0, 0)
                await withTaskGroup(of: Result<RESPValue, any Error>.self) { group in
                    for number in 0..<1200 {
                        group.addTask {
                            await Result(catching: {
                                try await client.run(work, keys: [], arguments: [3000, "\(number)"])
                            })
                        }
                    }
                    for await result in group {
                        switch result {
                        case .success: answered += 1
                        case .failure(let error as RedisError):
                            #expect(error.code == .timedOut || error.code == .overloaded, "\(error)")
                            late += 1
                        case .failure(let error): Issue.record("\(error)")
                        }
                    }
                }
                #expect(answered > 0 && late > 0)
                try await eventually("the server has caught up") { await client.answers }
                #expect(try await client.send(RedisCommand("CLIENT", "ID")).integer == connection)
            }
        }

        @Test func aScriptThatFailsHalfwayMayHaveBeenExecuted() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            let half = RedisScript(
                name: "half", source: Array("redis.call('INCR', 'n') return redis.call('INCR', 'text')".utf8))
            try await client.whileRunning {
                try await client.set("text", "abc", expiry: nil)
                let error = await #expect(throws: RedisError.self) { try await client.run(half, keys: []) }
                #expect(error?.mayHaveBeenExecuted == true)
                #expect(error?.message.contains("in the script half") == true)
                #expect(try await client.get("n") == "1")
                let unexpected = await #expect(throws: RedisError.self) {
                    try await client.send(RedisCommand("INCR", "n")).array
                }
                #expect(unexpected?.code == .unexpectedReply && unexpected?.mayHaveBeenExecuted == true)
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
