/// A metric that is read when Prometheus asks, for instance the length of a queue, made by a collector of
/// ``MetricsRegistry/addCollector(_:_:)``.
public struct CollectedMetric: Sendable {
    /// How Prometheus treats the values.
    public enum Kind: String, Sendable {
        /// A number that only grows until the process starts anew.
        case counter
        /// A number that goes up and down.
        case gauge
    }

    /// One value with its labels.
    public struct Sample: Sendable {
        let labels: [(String, String)]
        let value: Double

        /// A value with its labels, name and text; keep them few, and never a phone number or a job's id.
        public init(_ value: Double, labels: [(String, String)] = []) {
            self.labels = labels
            self.value = value
        }
    }

    let name: String
    let kind: Kind
    let help: String
    let samples: [Sample]

    /// A metric with any number of samples.
    public init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = MetricName.metric(name)
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric with one sample and no labels.
    public init(_ name: String, _ kind: Kind, help: String, value: Double) {
        self.init(name, kind, help: help, samples: [Sample(value)])
    }
}
