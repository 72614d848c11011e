internal import CoreMetrics
internal import Logging
public import Operations

/// The whole of sms-api, from settings to the end of the process.
public enum APIProgram {
    /// Runs until a signal ends it.
    ///
    /// - Throws: ``ConfigurationError`` for a wrong setting, `ListenError` when a port is taken, `CaptchaImageError` when
    ///   fonts are missing.
    public static func run(_ settings: Settings) async throws {
        let configuration = try APIConfiguration(settings)
        let logger = try startLogging(program: "sms-api", settings: settings)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        metrics.addProcessMetrics()
        let service = try await APIService(configuration, logger: logger)
        let readiness = Readiness()
        service.addChecks(to: readiness)
        service.addMetrics(to: metrics)
        let operations = try OperationsServer(
            settings: settings, defaultPort: APIConfiguration.defaultOperationsPort, readiness: readiness,
            metrics: metrics, logger: logger)
        try await ServiceRunner(logger: logger, readiness: readiness).run([service], operations: operations) {
            _ = try await service.listeningPort.number
        }
    }
}
