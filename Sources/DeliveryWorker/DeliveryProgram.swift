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
        let configuration = try DeliveryConfiguration(settings)
        let logger = try startLogging(program: "sms-worker", settings: settings)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        metrics.addProcessMetrics()
        let service = DeliveryService(configuration, logger: logger)
        configuration.lint.tell(logger)
        metrics.addCollector("breakers") {
            [.openBreakers(service.breakers.open)]
        }
        metrics.addCollector("clocks") {
            [.clockOffsets(service.clocks.offsets)]
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
        let reload = await Reload(reloaders(configuration, logger), logger: logger)
        try await runner.run(try services(configuration, service, logger) + [reload], operations: operations) {
            try await service.worker.waitUntilConsuming()
            logger.info("Connected to \(configuration.worker.broker.url)")
            logger.info("\(configuration.worker.name) ready.")
        }
    }

    private static func reloaders(_ configuration: DeliveryConfiguration, _ logger: Logger) -> [Reloader] {
        [
            Reloader("the code table") {
                if try configuration.tables.reloadCodes() { logger.notice("the code table was taken over") }
            },
            Reloader("the table of templates") {
                guard try configuration.tables.reloadTemplates() else { return }
                logger.notice("the table of templates was taken over")
                configuration.lint.tell(logger)
            },
        ]
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
    fileprivate static func clockOffsets(_ offsets: [String: Duration]) -> CollectedMetric {
        CollectedMetric(
            "sms_clock_offset_seconds", .gauge, help: "How far this machine's clock is ahead of a provider's.",
            samples: offsets.sorted { $0.key < $1.key }.map { provider, offset in
                Sample(offset / .seconds(1), labels: [("provider", provider)])
            })
    }

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
