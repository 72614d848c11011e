import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// Commands that block on a connection of their own.
    @Suite struct BlockingCommandTests {
        private let take = RedisCommand("BRPOP", "list", 0)

        @Test func aCancelledOneTellsTheServerAndLeavesAUsableConnection() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    let waiting = Task { try await connection.sendBlocking(take, upTo: .seconds(60)) }
                    try await blocked(server, 1)
                    waiting.cancel()
                    let error = await #expect(throws: RedisError.self) { try await waiting.value }
                    #expect(error?.code == .cancelled)
                    try await blocked(server, 0)
                    #expect(try await connection.send(RedisCommand("ECHO", "mine")).text == "mine")
                    // The server does not wait on behalf of the caller that left.
                    try await server.cli("LPUSH", "list", "one")
                    #expect(try await server.cli("LLEN", "list") == "1")
                }
            }
        }

        @Test func anElementIsNeverLostToACancellationThatComesAtTheSameTime() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    var taken = 0
                    for round in 0..<500 {
                        let waiting = Task { try await connection.sendBlocking(take, upTo: .seconds(60)) }
                        async let pushed = client.send(RedisCommand("LPUSH", "list", "\(round)"))
                        waiting.cancel()
                        _ = try await pushed
                        switch await waiting.result {
                        case .success(let reply):
                            // What an earlier round left there comes first.
                            #expect(try reply.array.first?.text == "list")
                            taken += 1
                        case .failure(let error): #expect((error as? RedisError)?.code == .cancelled)
                        }
                    }
                    let left = try await client.send(RedisCommand("LLEN", "list")).integer
                    #expect(taken + left == 500)
                }
            }
        }

        @Test func theConnectionIsKilledWhileItBlocks() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    let waiting = Task { try await connection.sendBlocking(take, upTo: .seconds(60)) }
                    try await blocked(server, 1)
                    try await server.cli("CLIENT", "KILL", "TYPE", "normal")
                    let error = await #expect(throws: RedisError.self) { try await waiting.value }
                    #expect(error?.code == .connectionLost)
                    #expect(error?.mayHaveBeenExecuted == true)
                    try await server.cli("LPUSH", "list", "one")
                    let reply = try await connection.sendBlocking(take, upTo: .seconds(60))
                    #expect(try reply.array.last?.text == "one")
                }
            }
        }

        @Test func aServerThatGoesSilentWhileItBlocksIsGivenUp() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.commandTimeout = .seconds(1) }
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    let take = RedisCommand("BRPOP", "list", "0.5")
                    let waiting = Task { try await connection.sendBlocking(take, upTo: .milliseconds(500)) }
                    proxy.behaviour = .blackHole
                    await #expect(throws: RedisError.self) { try await waiting.value }
                    proxy.behaviour = .forward
                    try await eventually("the connection answers") {
                        (try? await connection.send(RedisCommand("PING"))) != nil
                    }
                }
            }
        }

        @Test func aCancelledMoveReturnsWhatItHasMoved() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    var moved: [[UInt8]] = []
                    for round in 0..<300 {
                        let waiting = Task {
                            try await connection.blockingMove(
                                from: ("source", .right), to: ("taken", .left), upTo: .seconds(60))
                        }
                        async let pushed = client.send(RedisCommand("LPUSH", "source", round))
                        waiting.cancel()
                        _ = try await pushed
                        if case .success(let element?) = await waiting.result { moved.append(element) }
                    }
                    let taken = try await client.listElements("taken", from: 0, to: -1)
                    #expect(taken.reversed() == moved, "what is in the list is what was returned")
                    #expect(try await client.listLength("source") + moved.count == 300)
                }
            }
        }

        @Test func cancellingTheWholeBlockWaitsForTheAnswer() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                let block = Task {
                    try await client.withDedicatedConnection(name: "blocked") { connection in
                        try await connection.blockingMove(
                            from: ("source", .right), to: ("taken", .left), upTo: .seconds(60))
                    }
                }
                try await blocked(server, 1)
                block.cancel()
                let error = await #expect(throws: RedisError.self) { try await block.value }
                #expect(error?.code == .cancelled)
                #expect(error?.mayHaveBeenExecuted == false)
                try await blocked(server, 0)
            }
        }

        @Test(arguments: [Duration.zero, .microseconds(400), .milliseconds(5)])
        func aShortMoveEnds(_ limit: Duration) async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.withDedicatedConnection(name: "blocked") { connection in
                    let element = try await connection.blockingMove(
                        from: ("source", .right), to: ("taken", .left), upTo: limit)
                    #expect(element == nil)
                }
            }
        }

        private func blocked(_ server: RedisServer, _ count: Int) async throws {
            try await eventually("the server has \(count) blocked clients") {
                try await server.cli("INFO", "clients").contains("blocked_clients:\(count)")
            }
        }
    }
}
