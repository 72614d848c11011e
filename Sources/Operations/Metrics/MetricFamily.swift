/// A metric: the series of all its combinations of labels, all of one kind.
struct MetricFamily {
    /// The name before `_total` or `_seconds` was added; help is known by it.
    let label: String
    /// Prometheus's word for the kind.
    let type: String
    /// The series by their labels, as ``MetricName/rendered(_:)`` gives them.
    var series: [String: any MetricSeries] = [:]

    func write(name: String, help: String?, to text: inout PrometheusText) {
        text.header(name, type: type, help: help)
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            series.write(name: name, labels: labels, to: &text)
        }
    }
}

/// The values of one metric with one combination of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Prometheus's word for the kind.
    static var type: String { get }

    func write(name: String, labels: String, to text: inout PrometheusText)
}

extension CounterSeries: MetricSeries {
    static let type = "counter"

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.sample(name, labels: labels, value)
    }
}

extension GaugeSeries: MetricSeries {
    static let type = "gauge"

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.sample(name, labels: labels, value)
    }
}

extension HistogramSeries: MetricSeries {
    static let type = "histogram"

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.histogram(name, labels: labels, bounds: bounds, counts: snapshot)
    }
}
