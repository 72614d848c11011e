internal import Operations
internal import TaskQueue

extension CollectedMetric {
    /// What Redis says of the queues. Every worker of a queue shows the same.
    static func queues(_ queues: [QueueStatistics]) -> [CollectedMetric] {
        func one(_ name: String, _ help: String, _ value: (QueueStatistics) -> Int) -> CollectedMetric {
            CollectedMetric(
                name, .gauge, help: help,
                samples: queues.map { Sample(Double(value($0)), labels: [("queue", $0.queue)]) })
        }
        /// With one more label.
        func each(
            _ name: String, _ help: String, kind: Kind = .gauge, by label: String,
            _ values: (QueueStatistics) -> [String: Double]
        ) -> CollectedMetric {
            CollectedMetric(
                name, kind, help: help,
                samples: queues.flatMap { queue in
                    values(queue).sorted { $0.key < $1.key }.map { text, value in
                        Sample(value, labels: [("queue", queue.queue), (label, text)])
                    }
                })
        }
        return [
            each("queue_waiting", "Waiting messages.", by: "band") { $0.waiting.mapValues(Double.init) },
            each("queue_oldest_waiting_seconds", "How long the next messages have waited at most.", by: "band") {
                $0.oldestWaitingSecondsByBand
            },
            one("queue_claimed", "Messages that workers hold.") { $0.claimed.values.reduce(0, +) },
            one("queue_scheduled", "Retries and tasks with a later time.") { $0.scheduled },
            each("queue_limited", "Messages that wait for the limits of their task.", by: "task") {
                $0.limited.mapValues(Double.init)
            },
            one("queue_dead", "Dead letters.") { $0.dead },
            one("queue_workers", "Workers that are registered.") { $0.claimed.count },
            one("queue_paused", "Whether nothing is claimed.") { $0.isPaused ? 1 : 0 },
            each("queue_messages_total", "Counters that the queue keeps in Redis.", kind: .counter, by: "event") {
                $0.counters.mapValues(Double.init)
            },
        ]
    }
}
