internal import CoreMetrics

/// Sets up the process' metrics, with what the process itself uses among them. Without an operations port nobody could
/// read them: then nothing is counted.
///
/// - Throws: ``ConfigurationError`` for a wrong port.
public func startMetrics(settings: Settings, defaultPort: Int) throws(ConfigurationError) -> MetricsRegistry {
    let metrics = MetricsRegistry()
    metrics.addProcessMetrics()
    if try settings.read(.operationsPort(default: defaultPort)) != nil { MetricsSystem.bootstrap(metrics) }
    return metrics
}
