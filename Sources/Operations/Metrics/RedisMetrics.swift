public import RedisClient

/// A client of Redis that metrics are to show, by its name in the program: `broker` or `store`.
public struct WatchedRedisClient: Sendable {
    let name: String
    let status: @Sendable () -> RedisClientStatus
    let ping: @Sendable () async throws -> Void

    /// Names a client, and says how its state is learned.
    public init(
        _ name: String, status: @escaping @Sendable () -> RedisClientStatus,
        ping: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.status = status
        self.ping = ping
    }

    /// Names a client.
    public init(_ name: String, _ client: RedisClient) {
        self.init(name, status: { client.status }, ping: { try await client.ping() })
    }
}

extension MetricsRegistry {
    /// How long the round trip of a scrape may take; then it is left out.
    private static let longestRoundTrip = Duration.milliseconds(500)

    /// Adds whether the clients are connected, how often they had to connect, and the time of one `PING` at each scrape:
    /// commands themselves are not measured, so that they cost nothing more.
    public func addRedisMetrics(_ clients: [WatchedRedisClient]) {
        addCollector("redis") {
            let roundTrips = await withTaskGroup(of: (String, Duration?).self) { group in
                for client in clients { group.addTask { (client.name, await Self.roundTrip(client)) } }
                return await group.reduce(into: [String: Duration]()) { $0[$1.0] = $1.1 }
            }
            let states = clients.map { ($0.name, $0.status()) }
            func samples(_ value: (RedisClientStatus) -> Int) -> [CollectedMetric.Sample] {
                states.map { .init(Double(value($1)), labels: [("client", $0)]) }
            }
            return [
                CollectedMetric(
                    "redis_client_connected", .gauge, help: "Whether the client has its connection.",
                    samples: samples { $0.isConnected ? 1 : 0 }),
                CollectedMetric(
                    "redis_client_connects_total", .counter, help: "Connections that came up.",
                    samples: samples(\.connects)),
                CollectedMetric(
                    "redis_client_losses_total", .counter, help: "Connections that were lost.",
                    samples: samples(\.losses)),
                CollectedMetric(
                    "redis_client_failed_connects_total", .counter, help: "Attempts to connect that failed.",
                    samples: samples(\.failedConnects)),
                CollectedMetric(
                    "redis_client_round_trip_seconds", .gauge, help: "How long a PING took at this scrape.",
                    samples: roundTrips.sorted { $0.key < $1.key }.map {
                        .init($0.value / .seconds(1), labels: [("client", $0.key)])
                    }),
            ]
        }
    }

    private static func roundTrip(_ client: WatchedRedisClient) async -> Duration? {
        guard client.status().isConnected else { return nil }
        let start = ContinuousClock.now
        do {
            try await withTimeLimit(longestRoundTrip, client.ping)
            return start.duration(to: .now)
        } catch {
            return nil
        }
    }
}
