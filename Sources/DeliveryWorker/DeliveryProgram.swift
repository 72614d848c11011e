internal import Logging
internal import NIOCore
public import Operations
internal import RedisClient
internal import SMSProviders
internal import SMSVerification
internal import ServiceLifecycle
internal import TaskQueue
internal import TraceExport

/// The whole of sms-worker, from settings to the end of the process.
public enum DeliveryProgram {
    /// Lets one thread do what the connections of HTTP need. The jobs themselves run on the thread of Redis' connections,
    /// which has more to do; each further thread only makes calls of gateways change threads more often. To be called
    /// once, before anything else.
    public static func useOneThreadForHTTP() {
        NIOSingletons.groupLoopCountSuggestion = 1
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when the operations port is taken.
    public static func run(_ settings: Settings) async throws {
        var configuration = try DeliveryConfiguration(settings)
        let logger = try startLogging(
            program: "sms-worker", settings: settings, metadataProvider: RequestID.metadataProvider)
        let defaultPort = DeliveryConfiguration.defaultOperationsPort
        let metrics = try startMetrics(settings: settings, defaultPort: defaultPort)
        if try settings.read(.operationsPort(default: defaultPort)) != nil {
            configuration.worker.middleware.append(TaskMetrics())
        }
        let exporter = try startTracing(program: "sms-worker", logger: logger)
        let service = DeliveryService(configuration, isTraced: exporter != nil, logger: logger)
        metrics.addWorkerMetrics(service, configuration.worker)
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
        let liveness = HealthChecks(limit: .seconds(10))
        service.addLivenessChecks(to: liveness)
        let operations = try OperationsServer(
            settings: settings, defaultPort: defaultPort, liveness: liveness,
            readiness: readiness, metrics: metrics, logger: logger)
        printNow(WorkerBanner(configuration).text)
        var runner = ServiceRunner(logger: logger, readiness: readiness)
        // The worker's own grace comes first, then it gives back what it still holds.
        runner.gracePeriod = configuration.worker.grace + .seconds(8)
        runner.liveness = liveness
        runner.reloaders = reloaders(configuration, logger)
        runner.status = { await service.status() }
        try await runner.run(
            (exporter.map { [$0] } ?? []) + services(configuration, service, logger), operations: operations
        ) { [worker = configuration.worker] in
            try await service.worker.waitUntilConsuming()
            logger.info("Connected to \(worker.broker.url)")
            logger.info("\(worker.name) ready.")
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
