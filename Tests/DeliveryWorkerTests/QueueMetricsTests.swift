import Logging
import Operations
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// The values that a scrape shows of what lies in a real queue.
@Suite(.timeLimit(.minutes(2))) struct QueueMetricsTests {
    private func client(of server: RedisServer) throws -> RedisClient {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return RedisClient(RedisConfiguration(url: try RedisURL(server.url())), logger: logger)
    }

    @Test func eachMetricOfAQueueShowsItsValue() async throws {
        let server = try await RedisServer.start()
        let planted = [
            ["LPUSH", "celery", "{}", "{ }"], ["LPUSH", PriorityBand.lowest.list(of: "celery"), "{}"],
            ["ZADD", "{celery}:workers", "1", "w1", "2", "w2"],
            ["HSET", "{celery}:claimed:w1", "1", "{}", "2", "{}", "2:sent", "1"],
            ["LPUSH", "{celery}:arriving:w2", "{}"],
            ["ZADD", "{celery}:scheduled", "99999999999999", "a", "99999999999999", "b", "99999999999999", "c"],
            ["ZADD", "{celery}:dead", "1", "l1", "2", "l2"], ["SADD", "{celery}:limited", "note"],
            ["ZADD", "{celery}:limited:note", "1", "{}"], ["SET", "{celery}:paused", "1"],
            ["HSET", "{celery}:stats", "enqueued", "17", "succeeded", "5"],
        ]
        let client = try client(of: server)
        try await client.whileRunning {
            for command in planted {
                _ = try await client.send(
                    RedisCommand(command[0], arguments: command.dropFirst().map { $0 as any RedisArgument }))
            }
            let registry = MetricsRegistry()
            registry.addCollector("queue") {
                CollectedMetric.queues([try await QueueInspector(client: client, queue: "celery").statistics()])
            }
            let text = String(decoding: await registry.exposition(), as: UTF8.self)
            for line in [
                #"queue_waiting{queue="celery",band="0"} 2"#, #"queue_waiting{queue="celery",band="9"} 1"#,
                #"queue_claimed{queue="celery"} 3"#, #"queue_scheduled{queue="celery"} 3"#,
                #"queue_limited{queue="celery",task="note"} 1"#, #"queue_dead{queue="celery"} 2"#,
                #"queue_workers{queue="celery"} 2"#, #"queue_paused{queue="celery"} 1"#,
                #"queue_messages_total{queue="celery",event="enqueued"} 17"#,
                #"queue_messages_total{queue="celery",event="succeeded"} 5"#,
            ] {
                #expect(text.contains("\(line)\n"), "\(line) in\n\(text)")
            }
        }
    }

    /// A loss and the attempts to come back, as they are counted.
    @Test func aServersEndIsCounted() async throws {
        let server = try await RedisServer.start(appendOnly: true)
        let client = try client(of: server)
        try await client.whileRunning {
            let registry = MetricsRegistry()
            registry.addRedisMetrics([WatchedRedisClient("store", client)])
            func text() async -> String { String(decoding: await registry.exposition(), as: UTF8.self) }
            try await client.ping()
            let before = await text()
            for line in ["connected{client=\"store\"} 1", "connects_total{client=\"store\"} 1"] {
                #expect(before.contains("redis_client_\(line)\n"), "\(before)")
            }
            #expect(before.contains("redis_client_losses_total{client=\"store\"} 0\n"), "\(before)")
            #expect(before.contains(/redis_client_round_trip_seconds\{client="store"\} [0-9]/), "\(before)")
            server.kill()
            try await eventually("the loss and a failed attempt are counted") {
                let text = await text()
                return text.contains("redis_client_losses_total{client=\"store\"} 1\n")
                    && text.contains("redis_client_connected{client=\"store\"} 0\n")
                    && text.contains(/redis_client_failed_connects_total\{client="store"\} [1-9]/)
            }
        }
    }
}
