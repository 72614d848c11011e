import Logging
import RedisClient
import TestSupport
import Testing

extension FaultTests {
    /// What is easily done wrong, and what a server refuses from the start.
    @Suite struct MisuseTests {
        /// Keeps what is logged.
        private struct Collector: LogHandler {
            let lines: Locked<[String]>
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.warning

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                lines.withLock { $0.append("\(event.message)") }
            }
        }

        private func client(_ url: String, _ lines: Locked<[String]>) throws -> RedisClient {
            let logger = Logger(label: "test", factory: { _ in Collector(lines: lines) })
            return RedisClient(RedisConfiguration(url: try RedisURL(url)), logger: logger)
        }

        @Test func runningAClientTwiceIsToldAndMixesNothingUp() async throws {
            let server = try await RedisServer.start()
            let lines = Locked<[String]>([])
            let client = try client(server.url(), lines)
            try await client.whileRunning {
                try await client.ping()
                try await client.whileRunning {
                    for number in 0..<200 {
                        let reply = try await client.send(RedisCommand("ECHO", "\(number)"))
                        #expect(try reply.text == "\(number)")
                    }
                }
                try await client.ping()
            }
            #expect(lines.withLock { $0.filter { $0.contains("is run already") }.count } == 1)
        }

        @Test func aRefusedSubscriptionIsTold() async throws {
            let server = try await RedisServer.start(users: ["app on >secret ~* +@all resetchannels"])
            let lines = Locked<[String]>([])
            let client = try client("redis://app:secret@127.0.0.1:\(server.port)/0", lines)
            try await client.whileRunning {
                try await client.ping()
                let listening = Task { await client.subscribe(to: ["news"]) { for await _ in $0 {} } }
                try await eventually("the refusal is logged") {
                    lines.withLock { $0.contains { $0.contains("subscription") && $0.contains("NOPERM") } }
                }
                listening.cancel()
                await listening.value
            }
        }

        @Test func aServerThatIsFullSaysSo() async throws {
            let server = try await RedisServer.start(arguments: ["--maxclients", "1"])
            let first = try RedisClient.quiet(server.url())
            try await first.whileRunning {
                try await first.ping()
                let second = try RedisClient.quiet(server.unixURL()) { $0.whileDisconnected = .fail }
                await second.whileRunning {
                    let error = await #expect(throws: RedisError.self) { try await second.ping() }
                    #expect(error?.message.contains("max number of clients reached") == true, "\(error?.message ?? "")")
                }
            }
        }
    }
}
