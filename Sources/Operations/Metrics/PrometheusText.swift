/// Prometheus's text exposition format, version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []

    /// The lines that come before a metric's samples.
    mutating func header(_ name: String, type: String, help: String?) {
        if let help {
            append("# HELP \(name) \(MetricName.help(help))\n")
        }
        append("# TYPE \(name) \(type)\n")
    }

    /// One sample; `labels` as ``MetricName/rendered(_:)`` gives them.
    mutating func sample(_ name: String, labels: String, _ value: Double) {
        append(name)
        if !labels.isEmpty {
            append("{\(labels)}")
        }
        append(" \(text(value))\n")
    }

    /// The samples of one histogram: cumulative buckets, sum and count.
    mutating func histogram(_ name: String, labels: String, bounds: [Double], counts: HistogramSeries.Counts) {
        let prefix = labels.isEmpty ? "" : "\(labels),"
        var total = 0
        for (bound, count) in zip(bounds.map(text) + ["+Inf"], counts.perBucket) {
            total += count
            append("\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n")
        }
        sample("\(name)_sum", labels: labels, counts.sum)
        sample("\(name)_count", labels: labels, Double(total))
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return decimal(value)
    }
}
