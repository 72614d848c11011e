internal import CaptchaImage
internal import Logging
public import Operations
internal import SMSVerification
internal import ServiceLifecycle
internal import TraceExport

/// The whole of sms-api, from settings to the end of the process.
public enum APIProgram {
    /// Looks at the settings and at the files that they name, for `--check-config`.
    ///
    /// - Throws: ``ConfigurationError`` when something is wrong.
    public static func check(_ settings: Settings) throws {
        var check = ConfigurationCheck(settings)
        let configuration = APIConfiguration(&check.reader, makingKeys: false)
        _ = check.reader.step { try CaptchaRenderer(configuration) }
        try check.finish(program: "sms-api")
    }

    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when a port is taken, `CaptchaImageError` when
    ///   fonts are missing.
    public static func run(_ settings: Settings) async throws {
        let configuration = try APIConfiguration(settings)
        let logger = try startLogging(
            program: "sms-api", settings: settings, metadataProvider: RequestID.metadataProvider)
        let metrics = try startMetrics(settings: settings, defaultPort: APIConfiguration.defaultOperationsPort)
        let exporter = try startTracing(program: "sms-api", logger: logger)
        let service = try await APIService(configuration, isTraced: exporter != nil, logger: logger)
        let readiness = Readiness()
        service.addChecks(to: readiness)
        let liveness = HealthChecks(limit: .seconds(10))
        service.addLivenessChecks(to: liveness)
        service.addMetrics(to: metrics)
        let operations = try OperationsServer(
            settings: settings, defaultPort: APIConfiguration.defaultOperationsPort, liveness: liveness,
            readiness: readiness, metrics: metrics, logger: logger)
        var runner = ServiceRunner(logger: logger, readiness: readiness)
        runner.liveness = liveness
        runner.reloaders = service.reloaders
        runner.status = { "\(service.requestsInFlight) requests in flight" }
        try await runner.run((exporter.map { [$0] } ?? []) + [service], operations: operations) {
            _ = try await service.listeningPort.number
            try await readiness.waitUntilReady()
        }
    }
}
