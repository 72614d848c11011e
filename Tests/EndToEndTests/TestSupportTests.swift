import Foundation
import TestSupport
import Testing

/// The tests' own tools: what they promise about real processes.
@Suite struct TestSupportTests {
    @Test func redisKeepsItsDataOverAKillWhenAppendOnly() async throws {
        let redis = try await RedisServer.start(appendOnly: true)
        #expect(try await redis.cli("SET", "key", "a value", database: 3) == "OK")
        let first = redis.pid
        redis.kill()
        #expect(!redis.isRunning)
        try await redis.restart()
        #expect(redis.pid != first)
        #expect(try await redis.cli("GET", "key", database: 3) == "a value")
        #expect(try await redis.cli("GET", "key", database: 2) == "")
    }

    @Test func redisAsksForItsPassword() async throws {
        let redis = try await RedisServer.start(maxMemory: "3mb", password: "p/w")
        #expect(redis.url(database: 2) == "redis://:p%2Fw@127.0.0.1:\(redis.port)/2")
        #expect(redis.unixURL(database: 3) == "redis+socket://:p%2Fw@\(redis.socketPath)?virtual_host=3")
        #expect(try await redis.cli("CONFIG", "GET", "maxmemory") == "maxmemory\n\(3 << 20)")
        await #expect(throws: TestError.self) { try await redis.cli("NOSUCHCOMMAND") }
    }

    @Test func aPausedRedisIsThereButSilent() async throws {
        let redis = try await RedisServer.start()
        redis.pause()
        let command = ["-p", "\(redis.port)", "PING"]
        let client = try Program.start(tool("redis-cli", package: "redis-tools"), command)
        #expect(redis.isRunning)
        #expect(client.isRunning)
        redis.resume()
        try await client.waitForExit()
        #expect(client.outputLines == ["PONG"])
    }

    @Test func theServersFolderGoesWithIt() async throws {
        var redis: RedisServer? = try await RedisServer.start()
        let folder = try #require(redis?.folder)
        let pid = try #require(redis?.pid)
        #expect(FileManager.default.fileExists(atPath: folder))
        redis = nil
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
    }

    @Test func aProgramsOutputSignalsAndExitAreSeen() async throws {
        let script = "trap 'echo term; exit 7' TERM; echo ready >&2; while :; do sleep 0.05; done"
        let program = try Program.start("bash", ["-c", script])
        #expect(try await program.waitForLine(containing: "read") == "ready")
        program.signal(SIGTERM)
        #expect(try await program.waitForExit() == .code(7))
        #expect(program.outputLines == ["term"])
        #expect(program.errorLines == ["ready"])
    }

    @Test func aProgramThatIsNotThereOrEndsTooSoonIsAnErrorWithWords() async throws {
        let ended = try Program.start("bash", ["-c", "echo unexpected; exit 3"])
        let error = await #expect(throws: TestError.self) { try await ended.waitForLine(containing: "ready") }
        #expect(error?.description.contains("unexpected") == true)
        #expect(try await Program.run("no-such-program").status != .code(0))
        let missing = #expect(throws: TestError.self) { try tool("no-such-server", package: "redis-server") }
        #expect(missing?.description == "no-such-server is not installed: apt-get install redis-server")
    }

    @Test func processesOfAProgramDieWithIt() async throws {
        var program: Program? = try Program.start("bash", ["-c", "sleep 600 & echo $!; wait"])
        try await eventually("the child's number is printed") { program?.outputLines.count == 1 }
        let child = try #require(program?.outputLines.first)
        program = nil
        try await eventually("the child is gone") {
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            return state?.contains(") Z ") ?? true
        }
    }

    @Test func environmentAndFolderAreGiven() async throws {
        let script = "echo $GREETING-${SMS_BROKER_URL:-none}; pwd"
        let finished = try await Program.run("bash", ["-c", script], environment: ["GREETING": "hello"], folder: "/")
        #expect(finished.output == "hello-none\n/\n")
    }
}
