import RedisClient
import TestSupport
import Testing

/// Commands that leave together, and what limits them, against real servers.
@Suite(.timeLimit(.minutes(2))) struct PipelineTests {
    @Test func anyNumberOfCommandsIsAnsweredInOrder() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url())
        try await client.whileRunning {
            let replies = try await client.send((0..<5000).map { RedisCommand("ECHO", "\($0)") })
            #expect(try replies.map { try $0.text } == (0..<5000).map { "\($0)" })
            #expect(try await client.send([]).isEmpty)
        }
    }

    @Test func scriptsOfAPipelineSurviveAScriptFlush() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url())
        let add = RedisScript(name: "add", source: Array("return redis.call('INCRBY', KEYS[1], ARGV[1])".utf8))
        let fail = RedisScript(name: "fail", source: Array("return redis.error_reply('MINE no')".utf8))
        try await client.whileRunning {
            for _ in 0..<2 {
                let replies = try await client.send([
                    RedisCommand("SET", "n", 10), .run(add, keys: ["n"], arguments: [1]), RedisCommand("PING"),
                    .run(add, keys: ["n"], arguments: [2]), .run(fail, keys: []),
                ])
                #expect(
                    replies == [.status("OK"), .integer(11), .status("PONG"), .integer(13), .error("MINE no")])
                _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
            }
            let calls = try await server.cli("INFO", "commandstats")
            #expect(calls.contains("cmdstat_eval:"), "the second round found no script on the server")
        }
    }

    @Test func whatIsSentInOneTurnLeavesInOneWrite() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url())
        try await client.whileRunning {
            try await client.ping()
            let before = try await reads(client)
            try await withTaskExecutorPreference(RedisEventLoop.shared) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 { group.addTask { try await client.ping() } }
                    try await group.waitForAll()
                }
            }
            // One of them is the question itself.
            #expect(try await reads(client) - before <= 3)
        }
    }

    @Test func whoOutrunsTheServerIsSlowedAndNotInDoubt() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url()) {
            $0.mostInFlightCommands = 4
            $0.commandTimeout = .seconds(60)
        }
        try await client.whileRunning {
            try await client.ping()
            server.pause()
            let calls = (0..<40).map { _ in Task { try await client.send(RedisCommand("INCR", "n")) } }
            // The last ones wait behind the four that were written.
            try await eventually("a command is cancelled that was never written") {
                let call = Task { try await client.send(RedisCommand("INCR", "other")) }
                call.cancel()
                guard case .failure(let error as RedisError) = await call.result else { return false }
                return error.code == .cancelled && !error.mayHaveBeenExecuted
            }
            server.resume()
            var sum = 0
            for call in calls { sum += try await call.value.integer }
            #expect(sum == 40 * 41 / 2)
            #expect(try await client.get("other") == nil)
        }
    }

    @Test func tooManyBytesAreRefusedWithTheFigures() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url()) { $0.mostWaitingBytes = 10_000 }
        try await client.whileRunning {
            try await client.ping()
            let error = await #expect(throws: RedisError.self) {
                try await client.send(RedisCommand("ECHO", [UInt8](repeating: 0, count: 20_000)))
            }
            #expect(error?.code == .overloaded)
            #expect(error?.mayHaveBeenExecuted == false)
            #expect(error?.message.contains("0 commands of 0 bytes, and one of 200") == true)
            try await client.ping()
        }
    }

    private func reads(_ client: RedisClient) async throws -> Int {
        let statistics = try await client.send(RedisCommand("INFO", "stats")).text
        let match = try #require(statistics.firstMatch(of: /total_reads_processed:(\d+)/))
        return try #require(Int(match.1))
    }
}
