import RedisClient
import TestSupport
import Testing

extension FaultTests {
    @Suite struct SubscriptionTests {
        @Test func messagesComeInOrderFromChannelsAndPatterns() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.subscribe(to: ["news"], patterns: ["log.*"]) { events in
                    try await subscribed(server, channels: 1, patterns: 1)
                    for number in 0..<100 {
                        try await client.publish(number.isMultiple(of: 2) ? "news" : "log.a", "\(number)")
                    }
                    var number = 0
                    for await case .message(let message) in events {
                        #expect(message.channel == (number.isMultiple(of: 2) ? "news" : "log.a"))
                        #expect(message.payload == Array("\(number)".utf8))
                        number += 1
                        if number == 100 { break }
                    }
                    #expect(number == 100)
                }
            }
        }

        enum Fault: CaseIterable {
            case killedConnections, restart, silence
        }

        @Test(arguments: Fault.allCases)
        func itIsMadeAnewAfterwards(_ fault: Fault) async throws {
            let server = try await RedisServer.start()
            let proxy = try FaultProxy(to: server.port)
            let client = try RedisClient.quiet(RedisURL.local(proxy.port)) {
                $0.connectTimeout = .milliseconds(500)
                $0.commandTimeout = .milliseconds(500)
                $0.healthCheckInterval = .milliseconds(200)
            }
            try await client.whileRunning {
                try await client.subscribe(to: ["news"]) { events in
                    try await subscribed(server, channels: 1, patterns: 0)
                    try await inject(fault, server, proxy)
                    // The server may still know the old connection, so that it says nothing of the new one.
                    let publisher = Task {
                        while !Task.isCancelled { try await server.cli("PUBLISH", "news", "fresh") }
                    }
                    defer { publisher.cancel() }
                    for await case .message(let message) in events {
                        #expect(message.payload == Array("fresh".utf8))
                        break
                    }
                }
            }
        }

        @Test func theEventsTellWhenNothingIsMissedAnyMore() async throws {
            let server = try await RedisServer.start()
            let client = try RedisClient.quiet(server.url())
            try await client.whileRunning {
                try await client.subscribe(to: ["news"], patterns: ["log.*"]) { events in
                    var rounds = 0
                    for await event in events {
                        switch event {
                        case .subscribed:
                            rounds += 1
                            try await client.publish("news", "round \(rounds)")
                        case .message(let message):
                            #expect(message.text == "round \(rounds)")
                            if rounds == 2 { return }
                            try await server.cli("CLIENT", "KILL", "TYPE", "pubsub")
                        }
                    }
                }
            }
        }

        private func inject(_ fault: Fault, _ server: RedisServer, _ proxy: FaultProxy) async throws {
            switch fault {
            case .killedConnections: try await server.cli("CLIENT", "KILL", "TYPE", "pubsub")
            case .restart: try await server.restart()
            case .silence:
                let connections = proxy.acceptedConnections
                proxy.behaviour = .blackHole
                try await eventually("the client connects anew") { proxy.acceptedConnections > connections + 1 }
                proxy.behaviour = .forward
            }
        }

        private func subscribed(_ server: RedisServer, channels: Int, patterns: Int) async throws {
            try await eventually("the server knows the subscriptions") {
                let state = try await server.cli("INFO", "stats")
                return state.contains("pubsub_channels:\(channels)") && state.contains("pubsub_patterns:\(patterns)")
            }
        }
    }
}

extension RedisClient {
    fileprivate func publish(_ channel: String, _ text: String) async throws(RedisError) {
        _ = try await send(RedisCommand("PUBLISH", channel, text))
    }
}
