internal import FoundationEssentials
internal import Instrumentation
public import Logging

/// Switches tracing on for the process when OpenTelemetry's variables name a collector.
///
/// - Parameters:
///   - program: The service's name unless `OTEL_SERVICE_NAME` says otherwise.
///   - logger: For a collector that does not take spans.
/// - Returns: The service that exports, to be started before those that are traced; nil when nothing is traced.
/// - Throws: ``TraceSettingError``, which names the variable.
public func startTracing(program: String, logger: Logger) throws(TraceSettingError) -> SpanExporter? {
    let variables = ProcessInfo.processInfo.environment
    guard let configuration = try TraceExportConfiguration(program: program, variables: variables) else { return nil }
    let exporter = SpanExporter(configuration, logger: logger)
    InstrumentationSystem.bootstrap(ExportingTracer(sampler: configuration.sampler, exporter: exporter))
    logger.info("spans are exported to \(configuration.shownEndpoint)")
    return exporter
}
