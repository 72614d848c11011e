import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// Commands that are sent while there is no server.
    @Suite struct OutageTests {
        @Test func theyWaitForItsEnd() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.commandTimeout = .seconds(60) }
            try await client.whileRunning {
                try await begin(proxy, client)
                let waiting = Task { try await client.send(RedisCommand("ECHO", "mine")).text }
                proxy.refusesConnections = false
                #expect(try await waiting.value == "mine")
            }
        }

        @Test func theyWaitNoLongerThanACommandMayTake() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) { $0.commandTimeout = .seconds(1) }
            try await client.whileRunning {
                try await begin(proxy, client)
                try await failsAndIsNeverExecuted(server, proxy, client)
            }
        }

        @Test func theyFailAtOnceWhereTheyShall() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) {
                // Waiting would outlast the test.
                $0.commandTimeout = .seconds(600)
                $0.whileDisconnected = .fail
            }
            try await client.whileRunning {
                try await begin(proxy, client)
                try await failsAndIsNeverExecuted(server, proxy, client)
            }
        }

        @Test func aLongQueueTakesNoMore() async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) {
                $0.commandTimeout = .seconds(60)
                $0.mostWaitingCommands = 10
            }
            try await client.whileRunning {
                try await begin(proxy, client)
                await withTaskGroup(of: RedisError?.self) { group in
                    for _ in 0..<30 { group.addTask { await failure(of: RedisCommand("INCR", "n"), client) } }
                    for _ in 0..<20 {
                        let refused = await group.next() ?? nil
                        #expect(refused?.code == .overloaded)
                        #expect(refused?.mayHaveBeenExecuted == false)
                    }
                    proxy.refusesConnections = false
                    for await error in group { #expect(error == nil) }
                }
                #expect(try await server.cli("GET", "n") == "10")
            }
        }

        /// Ends the connection in a way that the client has noticed when this returns.
        private func failsAndIsNeverExecuted(
            _ server: RedisServer, _ proxy: FaultProxy, _ client: RedisClient
        ) async throws {
            let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("INCR", "n")) }
            #expect(error?.code == .notConnected)
            #expect(error?.mayHaveBeenExecuted == false)
            proxy.refusesConnections = false
            try await eventually("the client answers again") { await client.answers }
            #expect(try await server.cli("EXISTS", "n") == "0")
        }

        private func begin(_ proxy: FaultProxy, _ client: RedisClient) async throws {
            try await client.ping()
            proxy.refusesConnections = true
            proxy.cutBeforeNextReply()
            await #expect(throws: RedisError.self) { try await client.ping() }
        }

        /// The error that a command ends with; nil when there is none.
        private func failure(of command: RedisCommand, _ client: RedisClient) async -> RedisError? {
            do throws(RedisError) {
                _ = try await client.send(command)
                return nil
            } catch {
                return error
            }
        }
    }
}
