internal import Operations
internal import RedisClient
internal import TaskQueue

extension MetricsRegistry {
    /// Adds what sms-worker shows beside what is counted as it happens.
    func addWorkerMetrics(_ service: DeliveryService, _ configuration: WorkerConfiguration) {
        for (label, help) in Self.workerHelp { describe(label, help) }
        let worker = service.worker
        addRedisMetrics([
            WatchedRedisClient("broker", status: { worker.brokerStatus }, ping: { try await worker.ping() })
        ])
        addCollector("worker") { CollectedMetric.worker(worker, concurrency: configuration.concurrency) }
        let queues = Set(configuration.queues.map(\.name)).sorted().map {
            QueueInspector(client: service.brokerClient, queue: $0)
        }
        addCollector("queue") {
            var statistics: [QueueStatistics] = []
            for queue in queues { statistics.append(try await queue.statistics()) }
            return CollectedMetric.queues(statistics)
        }
    }

    private static let workerHelp = [
        "tasks": "Attempts by their end.",
        "task.retries": "Attempts that are repeated, by cause.",
        "task.deaths": "Messages that became dead letters, by reason.",
        "task.wait": "From when a message could have been run to the start of an attempt, where its sender says when.",
        "task.duration": "Attempts that have succeeded.",
        "sms.sends": "Calls of gateways by what they said.",
        "sms.acceptance.duration": "Calls of gateways that were accepted.",
        "sms.records.failed": "Answers of gateways, and ends of jobs, that could not be written down.",
        "sms.limit_waits": "Messages that a provider's limit has held up.",
        "sms.remembered_refusals": "Messages to numbers whose refusal was remembered.",
        "sms.queries": "Questions after an unknown outcome, by what was answered.",
        "traces.spans": "Spans that were exported or dropped.",
    ]
}

extension CollectedMetric {
    fileprivate static func worker(_ worker: TaskWorker, concurrency: Int) -> [CollectedMetric] {
        let counts = worker.counts
        return [
            CollectedMetric(
                "worker_running_tasks", .gauge, help: "Tasks that run now.", value: Double(worker.runningTasks)),
            CollectedMetric(
                "worker_concurrency", .gauge, help: "How many tasks may run at once.", value: Double(concurrency)),
            CollectedMetric(
                "worker_lease_renewals_total", .counter, help: "Renewals of the worker's lease by outcome.",
                samples: [
                    Sample(Double(counts.leaseRenewals), labels: [("outcome", "renewed")]),
                    Sample(Double(counts.failedLeaseRenewals), labels: [("outcome", "failed")]),
                ]),
            CollectedMetric(
                "worker_takeovers_total", .counter, help: "Dead workers that this one has struck off.",
                value: Double(counts.deadWorkers)),
            CollectedMetric(
                "worker_taken_over_messages_total", .counter, help: "Messages of dead workers that this one put back.",
                value: Double(counts.takenOver)),
        ]
    }
}
