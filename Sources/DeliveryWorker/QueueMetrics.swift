internal import Operations
internal import RedisClient
internal import TaskQueue

/// One queue at one moment.
struct QueueReading: Sendable {
    var statistics: QueueStatistics
    /// By band, how long the message has waited that is taken next.
    var oldest: [PriorityBand: Duration]
}

/// Reads a queue when somebody asks for metrics.
struct QueueReader: Sendable {
    private let inspector: QueueInspector
    private let waitingTimes: WaitingTimes

    init(client: RedisClient, queue: String) {
        inspector = QueueInspector(client: client, queue: queue)
        waitingTimes = WaitingTimes(client: client, queue: queue)
    }

    func read() async throws(RedisError) -> QueueReading {
        QueueReading(statistics: try await inspector.statistics(), oldest: try await waitingTimes.oldest())
    }
}

extension CollectedMetric {
    /// What Redis says of the queues. Every worker of a queue shows the same.
    static func queues(_ readings: [QueueReading]) -> [CollectedMetric] {
        func one(_ name: String, _ help: String, _ value: (QueueStatistics) -> Int) -> CollectedMetric {
            CollectedMetric(
                name, .gauge, help: help,
                samples: readings.map {
                    Sample(Double(value($0.statistics)), labels: [("queue", $0.statistics.queue)])
                })
        }
        /// With one more label.
        func each(
            _ name: String, _ help: String, kind: Kind = .gauge, by label: String,
            _ values: (QueueReading) -> [(String, Double)]
        ) -> CollectedMetric {
            CollectedMetric(
                name, kind, help: help,
                samples: readings.flatMap { reading in
                    values(reading).sorted { $0.0 < $1.0 }.map { text, value in
                        Sample(value, labels: [("queue", reading.statistics.queue), (label, text)])
                    }
                })
        }
        return [
            each("queue_waiting", "Waiting messages.", by: "band") { reading in
                reading.statistics.waiting.map { ($0.key, Double($0.value)) }
            },
            each("queue_oldest_waiting_seconds", "How long the next message has waited.", by: "band") { reading in
                reading.oldest.map { ("\($0.key.rawValue)", $0.value / .seconds(1)) }
            },
            one("queue_claimed", "Messages that workers hold.") { $0.claimed.values.reduce(0, +) },
            one("queue_scheduled", "Retries and tasks with a later time.") { $0.scheduled },
            each("queue_limited", "Messages that wait for the limits of their task.", by: "task") { reading in
                reading.statistics.limited.map { ($0.key, Double($0.value)) }
            },
            one("queue_dead", "Dead letters.") { $0.dead },
            one("queue_workers", "Workers that are registered.") { $0.claimed.count },
            one("queue_paused", "Whether nothing is claimed.") { $0.isPaused ? 1 : 0 },
            each("queue_messages_total", "Counters that the queue keeps in Redis.", kind: .counter, by: "event") {
                reading in
                reading.statistics.counters.map { ($0.key, Double($0.value)) }
            },
        ]
    }
}
