import Logging
import RedisClient
import TestSupport
import Testing

/// The client against real servers of its own.
@Suite(.timeLimit(.minutes(5))) struct RedisClientTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func client(
        _ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }
    ) throws -> RedisClient {
        var configuration = RedisConfiguration(url: try RedisURL(url))
        change(&configuration)
        return RedisClient(configuration, logger: logger)
    }

    @Test func everyCallerGetsItsOwnReply() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url(database: 4))
        try await client.whileRunning {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<50 {
                    group.addTask {
                        for number in 0..<200 {
                            let tag = "\(task)/\(number)"
                            let reply = try await client.send(RedisCommand("ECHO", tag)).text
                            #expect(reply == tag)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func talksOverAUnixSocketToTheChosenDatabase() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.unixURL(database: 5))
        try await client.whileRunning {
            try await client.set("key", "value", expiry: .seconds(60))
            #expect(try await client.getAndDelete("key") == "value")
            #expect(try await client.get("key") == nil)
            try await client.set("key", [0, 13, 10, 255], expiry: .seconds(60))
            #expect(try await client.send(RedisCommand("GET", "key")).bytes == [0, 13, 10, 255])
        }
        #expect(try await server.cli("EXISTS", "key", database: 5) == "1")
        #expect(try await server.cli("EXISTS", "key", database: 0) == "0")
    }

    @Test func largeValuesAndRepliesPass() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url()) { $0.commandTimeout = .seconds(60) }
        try await client.whileRunning {
            let large = [UInt8](repeating: 7, count: 100_000_000)
            try await client.set("large", large, expiry: .seconds(60))
            #expect(try await client.send(RedisCommand("GET", "large")).bytes == large)
            let script = RedisScript(
                name: "many", source: Array("local t = {} for i = 1, 1000000 do t[i] = i end return t".utf8))
            #expect(try await client.run(script, keys: []).array.count == 1_000_000)
        }
    }

    @Test func aServersErrorCarriesItsKindAndARemedy() async throws {
        let server = try await RedisServer.start(password: "right")
        let client = try client("redis://:right@127.0.0.1:\(server.port)/0")
        try await client.whileRunning {
            try await client.set("text", "abc", expiry: .seconds(60))
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("INCR", "text")) }
            #expect(error?.code == .refused)
            #expect(error?.serverError == .generic)
            let unknown = await #expect(throws: RedisError.self) {
                try await client.send(RedisCommand("NOSUCHCOMMAND", "13800138000", "123456"))
            }
            #expect(unknown?.message.contains("unknown command") == true)
            #expect(unknown?.message.contains("123456") == false, "arguments are never repeated")
        }
        let stranger = try self.client("redis://:wrong@127.0.0.1:\(server.port)/0") { $0.whileDisconnected = .fail }
        await stranger.whileRunning {
            let error = await #expect(throws: RedisError.self) { try await stranger.ping() }
            #expect(error?.code == .notConnected)
            #expect(error?.message.contains("WRONGPASS") == true)
            #expect(error?.message.contains("check user and password") == true)
        }
    }

    @Test func scriptsSurviveAScriptFlush() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url())
        let script = RedisScript(name: "add", source: Array("return redis.call('INCRBY', KEYS[1], ARGV[1])".utf8))
        try await client.whileRunning {
            #expect(try await client.run(script, keys: ["n"], arguments: [2]).integer == 2)
            _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
            #expect(try await client.run(script, keys: ["n"], arguments: [3]).integer == 5)
            #expect(try await client.run(script, keys: ["n"], arguments: [1]).integer == 6)
        }
    }

    @Test func connectsAgainAfterAKilledConnectionAndARestart() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url())
        #expect(!client.status.isConnected && client.status.connects == 0)
        try await client.whileRunning {
            try await client.ping()
            #expect(client.status.isConnected && client.status.connects == 1 && client.status.losses == 0)
            _ = try await server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            try await eventually("the client answers after CLIENT KILL") { (try? await client.ping()) != nil }
            server.kill()
            try await eventually("an attempt has failed") { client.status.failedConnects > 0 }
            #expect(!client.status.isConnected)
            try await server.restart()
            try await eventually("the client answers after a restart") { (try? await client.ping()) != nil }
            #expect(client.status.connects == 3 && client.status.losses == 2)
        }
        #expect(client.status.losses == 2, "its own end is no loss")
    }

    @Test func aCommandThatCouldNotBeSentIsNeverExecutedLater() async throws {
        let server = try await RedisServer.start(appendOnly: true)
        let client = try client(server.url()) { $0.commandTimeout = .seconds(3) }
        try await client.whileRunning {
            try await client.ping()
            server.stop()
            try await eventually("the client knows that the server is gone") {
                do { try await client.ping() } catch let error as RedisError { return error.code == .notConnected }
                return false
            }
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("INCR", "n")) }
            #expect(error?.mayHaveBeenExecuted == false)
            try await server.restart()
            try await eventually("the client answers again") { (try? await client.ping()) != nil }
            #expect(try await server.cli("EXISTS", "n") == "0")
        }
    }

    @Test func aSilentServerIsGivenUpAndFoundAgain() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url()) { $0.commandTimeout = .seconds(3) }
        try await client.whileRunning {
            try await client.ping()
            server.pause()
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.mayHaveBeenExecuted == true)
            server.resume()
            try await eventually("the client answers again") { (try? await client.ping()) != nil }
        }
    }

    @Test func cancellingOneWaiterReleasesItAndKeepsTheOthersInStep() async throws {
        let server = try await RedisServer.start()
        let client = try client(server.url())
        try await client.whileRunning {
            try await client.withDedicatedConnection(name: "blocked") { connection in
                let id = try await connection.send(RedisCommand("CLIENT", "ID")).integer
                let waiting = Task {
                    try await connection.send(RedisCommand("BLPOP", "nothing", 0), extraTime: .seconds(60))
                }
                try await eventually("the server knows the blocked client") {
                    try await server.cli("INFO", "clients").contains("blocked_clients:1")
                }
                waiting.cancel()
                let error = await #expect(throws: RedisError.self) { try await waiting.value }
                #expect(error?.code == .cancelled)
                _ = try await client.send(RedisCommand("CLIENT", "UNBLOCK", id))
                let tag = try await connection.send(RedisCommand("ECHO", "mine"), extraTime: .seconds(2)).text
                #expect(tag == "mine")
            }
        }
    }

    @Test func whatIsNotRedisIsAClearError() async throws {
        let server = try await RedisServer.start()
        // The server speaks RESP; an HTTP server stands for everything that does not.
        let python = try tool("python3", package: "python3")
        let port = try freePort()
        let http = try Program.start(python, ["-u", "-m", "http.server", "\(port)", "--bind", "127.0.0.1"])
        _ = try await http.waitForLine(containing: "Serving HTTP")
        let client = try client("redis://127.0.0.1:\(port)/0") { $0.whileDisconnected = .fail }
        await client.whileRunning {
            let error = await #expect(throws: RedisError.self) { try await client.ping() }
            #expect(error?.message.contains("does not speak the Redis protocol") == true, "\(error?.message ?? "")")
        }
        withExtendedLifetime((server, http)) {}
    }
}
