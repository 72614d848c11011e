internal import CoreMetrics
internal import Logging
public import Operations
internal import RedisClient
internal import SMSProviders
internal import ServiceLifecycle
internal import TaskQueue

/// The whole of sms-worker, from settings to the end of the process.
public enum DeliveryProgram {
    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when the operations port is taken.
    public static func run(_ settings: Settings) async throws {
        var configuration = try DeliveryConfiguration(settings)
        let logger = try startLogging(program: "sms-worker", settings: settings)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        metrics.addProcessMetrics()
        configuration.worker.middleware.append(TaskMetrics())
        let service = DeliveryService(configuration, logger: logger)
        metrics.addWorkerMetrics(service, configuration.worker)
        metrics.addCollector("breakers") {
            [.openBreakers(service.breakers.open)]
        }
        let readiness = Readiness()
        readiness.addCheck("broker") { try await service.worker.ping() }
        readiness.addCheck("consumer") {
            guard service.worker.isConsuming else { throw NotConsuming() }
        }
        let operations = try OperationsServer(
            settings: settings, defaultPort: DeliveryConfiguration.defaultOperationsPort, readiness: readiness,
            metrics: metrics, logger: logger)
        printNow(WorkerBanner(configuration).text)
        var runner = ServiceRunner(logger: logger, readiness: readiness)
        // The worker's own grace comes first, then it gives back what it still holds.
        runner.gracePeriod = configuration.worker.grace + .seconds(8)
        try await runner.run(try services(configuration, service, logger), operations: operations) {
            [worker = configuration.worker] in
            try await service.worker.waitUntilConsuming()
            logger.info("Connected to \(worker.broker.url)")
            logger.info("\(worker.name) ready.")
        }
    }

    private static func services(
        _ configuration: DeliveryConfiguration, _ service: DeliveryService, _ logger: Logger
    ) throws -> [any Service] {
        guard !configuration.periodicTasks.isEmpty else { return [service] }
        // The same one for workers that name the same queues in another order.
        let queue = configuration.worker.queues.map(\.name).min() ?? "celery"
        let scheduler = try PeriodicScheduler(
            broker: configuration.worker.broker, queue: queue,
            tasks: configuration.periodicTasks, name: configuration.worker.name, logger: logger)
        return [service, scheduler]
    }
}

extension CollectedMetric {
    fileprivate static func openBreakers(_ open: [CircuitBreakers.Open]) -> CollectedMetric {
        CollectedMetric(
            "sms_breakers_open", .gauge, help: "Providers, or parts of them, that messages are kept away from.",
            samples: open.map { breaker in
                Sample(
                    1,
                    labels: [
                        ("provider", breaker.place.provider), ("part", breaker.place.part ?? ""),
                        ("reason", breaker.reason.rawValue),
                    ])
            })
    }
}

private struct NotConsuming: Error, CustomStringConvertible {
    let description = "the worker does not take messages: see its log"
}
