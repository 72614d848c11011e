import Synchronization

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
