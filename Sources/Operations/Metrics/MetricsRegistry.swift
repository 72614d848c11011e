public import CoreMetrics
import Synchronization

/// The metrics of a process: a swift-metrics factory whose values Prometheus can read.
///
/// Executables install it with `MetricsSystem.bootstrap(registry)`; ``OperationsServer`` serves it on `/metrics`.
/// Names become Prometheus's: `worker.tasks` counted is `worker_tasks_total`, a timer `task.runtime` is the histogram
/// `task_runtime_seconds`. A metric keeps at most ``maximumSeries`` combinations of labels; further ones are counted
/// together with every label set to `other`, so that no input can fill the memory.
public final class MetricsRegistry: MetricsFactory, Sendable {
    /// Reads values at the moment Prometheus asks.
    public typealias Collector = @Sendable () async throws -> [CollectedMetric]

    /// The number of combinations of labels that a metric keeps.
    public let maximumSeries: Int

    private let timerBounds: [Double]
    private let recorderBounds: [Double]
    let state = Mutex(State())

    /// What a series is asked for by: its label and its dimensions' names and values, as they are in code.
    struct Request: Hashable {
        let label: String
        let suffix: String
        let dimensions: [String]
    }

    struct State {
        /// The series that have a place of their own: many callers ask for a metric each time that they count.
        var known: [Request: any MetricSeries] = [:]
        var families: [String: MetricFamily] = [:]
        var help: [String: String] = [:]
        var collectors: [(name: String, read: Collector)] = []
    }

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - maximumSeries: the number of combinations of labels that a metric keeps.
    ///   - timerBounds: the upper bounds of timers' buckets, in seconds, rising.
    ///   - recorderBounds: the upper bounds of recorders' buckets, rising.
    public init(
        maximumSeries: Int = 200,
        timerBounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
        recorderBounds: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]
    ) {
        self.maximumSeries = maximumSeries
        self.timerBounds = timerBounds
        self.recorderBounds = recorderBounds
    }

    /// Gives the metric with this label in code (`worker.tasks`) its line of help.
    public func describe(_ label: String, _ help: String) {
        state.withLock { $0.help[MetricName.metric(label)] = help }
    }

    /// Adds values that are read when Prometheus asks. A collector has one second; whether it answered is shown as
    /// `metrics_collector_up{collector="<name>"}`.
    public func addCollector(_ name: String, _ collector: @escaping Collector) {
        state.withLock { $0.collectors.append((name, collector)) }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, suffix: "", dimensions, recorderBounds) : gauge(label, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, suffix: "_seconds", dimensions, timerBounds)
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        series(label, suffix: "_total", dimensions) { CounterSeries() }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        series(label, suffix: "", dimensions) { GaugeSeries() }
    }

    private func histogram(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ bounds: [Double]
    ) -> HistogramSeries {
        series(label, suffix: suffix, dimensions) { HistogramSeries(bounds: bounds) }
    }

    /// The series with these labels, made when it is new. When the name already stands for another kind of metric, which
    /// Prometheus could not tell apart, the new one counts for itself and is not shown.
    private func series<Series: MetricSeries>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        let request = Request(label: label, suffix: suffix, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        if let known = state.withLock({ $0.known[request] }) as? Series { return known }
        let base = MetricName.metric(label)
        let name = base.hasSuffix(suffix) ? base : base + suffix
        let labels = MetricName.rendered(dimensions)
        return state.withLock { state in
            var family = state.families[name] ?? MetricFamily(label: base, type: Series.type)
            guard family.type == Series.type else { return make() }
            let isFull = family.series[labels] == nil && family.series.count >= maximumSeries
            let place = isFull ? MetricName.rendered(dimensions.map { ($0.0, "other") }) : labels
            let series = family.series[place] as? Series ?? make()
            family.series[place] = series
            state.families[name] = family
            if !isFull { state.known[request] = series }
            return series
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            state.known = state.known.filter { $0.value !== handler }
            for (name, var family) in state.families {
                family.series = family.series.filter { $0.value !== handler }
                state.families[name] = family.series.isEmpty ? nil : family
            }
        }
    }
}
