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
    private let state = Mutex(State())

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - maximumSeries: the number of combinations of labels that a metric keeps.
    ///   - timerBounds: the upper bounds of timers' buckets, in seconds, rising.
    ///   - recorderBounds: the upper bounds of recorders' buckets, rising.
    public init(
        maximumSeries: Int = 200,
        timerBounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
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
        series(label, suffix: "_total", dimensions) { .counter(CounterSeries()) } as: {
            if case .counter(let series) = $0 { series } else { nil }
        } ?? CounterSeries()
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        series(label, suffix: "", dimensions) { .gauge(GaugeSeries()) } as: {
            if case .gauge(let series) = $0 { series } else { nil }
        } ?? GaugeSeries()
    }

    private func histogram(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ bounds: [Double]
    ) -> HistogramSeries {
        series(label, suffix: suffix, dimensions) { .histogram(HistogramSeries(bounds: bounds)) } as: {
            if case .histogram(let series) = $0 { series } else { nil }
        } ?? HistogramSeries(bounds: bounds)
    }

    /// The series with these labels, made when it is new; nil when the name already stands for another kind of metric.
    private func series<Kind>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], make: () -> Series,
        as kind: (Series) -> Kind?
    ) -> Kind? {
        let base = MetricName.metric(label)
        let name = base.hasSuffix(suffix) ? base : base + suffix
        let labels = MetricName.rendered(dimensions)
        return state.withLock { state in
            var family = state.families[name] ?? Family(label: base, series: [:])
            if let known = family.series.values.first, kind(known) == nil { return nil }
            let isFull = family.series[labels] == nil && family.series.count >= maximumSeries
            let place = isFull ? MetricName.rendered(dimensions.map { ($0.0, "other") }) : labels
            let series = family.series[place] ?? make()
            family.series[place] = series
            state.families[name] = family
            return kind(series)
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            state.families = state.families.mapValues { family in
                Family(label: family.label, series: family.series.filter { $0.value.handler !== handler })
            }
        }
    }
}

extension MetricsRegistry {
    /// Everything in Prometheus's text format, metrics in order of their names; collectors are asked at the same time.
    public func exposition() async -> [UInt8] {
        let (families, help, collectors) = state.withLock { ($0.families, $0.help, $0.collectors) }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.write(name: name, help: help[family.label], to: &text)
        }
        for metric in await Self.collect(collectors) {
            text.header(metric.name, type: metric.kind.rawValue, help: metric.help)
            for sample in metric.samples {
                text.sample(metric.name, labels: MetricName.rendered(sample.labels), sample.value)
            }
        }
        return text.bytes
    }

    private static func collect(_ collectors: [(name: String, read: Collector)]) async -> [CollectedMetric] {
        guard !collectors.isEmpty else { return [] }
        let results = await withTaskGroup(of: (Int, [CollectedMetric]?).self) { group in
            for (index, collector) in collectors.enumerated() {
                group.addTask { (index, try? await withTimeLimit(.seconds(1), collector.read)) }
            }
            return await group.reduce(into: [Int: [CollectedMetric]]()) { $0[$1.0] = $1.1 }
        }
        let health = collectors.enumerated().map { index, collector in
            CollectedMetric.Sample(results[index] == nil ? 0 : 1, labels: [("collector", collector.name)])
        }
        return collectors.indices.flatMap { results[$0] ?? [] } + [
            CollectedMetric("metrics_collector_up", .gauge, help: "Whether a collector answered.", samples: health)
        ]
    }
}

private struct State {
    var families: [String: Family] = [:]
    var help: [String: String] = [:]
    var collectors: [(name: String, read: MetricsRegistry.Collector)] = []
}

/// A metric: the series of all its combinations of labels, all of one kind.
private struct Family {
    let label: String
    var series: [String: Series]

    func write(name: String, help: String?, to text: inout PrometheusText) {
        guard let type = series.values.first?.type else { return }
        text.header(name, type: type, help: help)
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            switch series {
            case .counter(let counter): text.sample(name, labels: labels, counter.value)
            case .gauge(let gauge): text.sample(name, labels: labels, gauge.value)
            case .histogram(let histogram):
                text.histogram(name, labels: labels, bounds: histogram.bounds, counts: histogram.snapshot)
            }
        }
    }
}

private enum Series {
    case counter(CounterSeries)
    case gauge(GaugeSeries)
    case histogram(HistogramSeries)

    var type: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    var handler: AnyObject {
        switch self {
        case .counter(let handler): handler
        case .gauge(let handler): handler
        case .histogram(let handler): handler
        }
    }
}
