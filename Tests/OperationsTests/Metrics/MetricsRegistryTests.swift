import Metrics
import Operations
import Testing

@Suite struct MetricsRegistryTests {
    private func text(_ registry: MetricsRegistry) async -> String {
        String(decoding: await registry.exposition(), as: UTF8.self)
    }

    @Test func anEmptyRegistrySaysNothing() async {
        #expect(await text(MetricsRegistry()) == "")
    }

    @Test func everyKindOfMetric() async {
        let registry = MetricsRegistry(timerBounds: [0.1, 0.25, 1], recorderBounds: [10, 100])
        registry.describe("worker.tasks", "Tasks that ended,\nby \\ outcome.")
        Counter(label: "worker.tasks", dimensions: [("outcome", "succeeded")], factory: registry).increment(by: 3)
        Counter(label: "worker.tasks", dimensions: [("outcome", "failed")], factory: registry).increment()
        FloatingPointCounter(label: "worker.cost", factory: registry).increment(by: 0.75)
        Gauge(label: "worker.running", factory: registry).record(7)
        let meter = Meter(label: "worker.load", factory: registry)
        meter.set(2.5)
        meter.decrement(by: 1.0)
        let timer = Timer(label: "task.runtime", dimensions: [("task", "send")], factory: registry)
        for milliseconds in [50, 100, 200, 3_000] {
            timer.recordMilliseconds(milliseconds)
        }
        let sizes = Recorder(label: "message-size", factory: registry)
        sizes.record(10)
        sizes.record(10.5)
        #expect(
            await text(registry) == #"""
                # TYPE message_size histogram
                message_size_bucket{le="10"} 1
                message_size_bucket{le="100"} 2
                message_size_bucket{le="+Inf"} 2
                message_size_sum 20.5
                message_size_count 2
                # TYPE task_runtime_seconds histogram
                task_runtime_seconds_bucket{task="send",le="0.1"} 2
                task_runtime_seconds_bucket{task="send",le="0.25"} 3
                task_runtime_seconds_bucket{task="send",le="1"} 3
                task_runtime_seconds_bucket{task="send",le="+Inf"} 4
                task_runtime_seconds_sum{task="send"} 3.35
                task_runtime_seconds_count{task="send"} 4
                # TYPE worker_cost_total counter
                worker_cost_total 0.75
                # TYPE worker_load gauge
                worker_load 1.5
                # TYPE worker_running gauge
                worker_running 7
                # HELP worker_tasks_total Tasks that ended,\nby \\ outcome.
                # TYPE worker_tasks_total counter
                worker_tasks_total{outcome="failed"} 1
                worker_tasks_total{outcome="succeeded"} 3

                """#)
    }

    @Test func theSameLabelsAreTheSameSeries() async {
        let registry = MetricsRegistry()
        for _ in 0..<3 {
            Counter(label: "a", dimensions: [("x", "y")], factory: registry).increment()
        }
        #expect(await text(registry) == "# TYPE a_total counter\na_total{x=\"y\"} 3\n")
    }

    @Test func namesAndLabelsAreMadeValid() async {
        let registry = MetricsRegistry()
        let labels = [("le", "a\"b\\c\nd"), ("9 lives", "短信"), ("__name__", "")]
        Counter(label: "9.lives-of a:cat/猫_total", dimensions: labels, factory: registry).increment()
        #expect(
            await text(registry) == #"""
                # TYPE _9_lives_of_a:cat___total counter
                _9_lives_of_a:cat___total{label_le="a\"b\\c\nd",_9_lives="短信",label___name__=""} 1

                """#)
    }

    @Test func combinationsOfLabelsBeyondTheLimitAreCountedTogether() async {
        let registry = MetricsRegistry(maximumSeries: 2)
        for path in ["/a", "/b", "/c", "/d", "/a"] {
            Counter(label: "requests", dimensions: [("path", path)], factory: registry).increment()
        }
        #expect(
            await text(registry) == """
                # TYPE requests_total counter
                requests_total{path="/a"} 2
                requests_total{path="/b"} 1
                requests_total{path="other"} 2

                """)
    }

    @Test func anotherKindOfTheSameNameIsNotShown() async {
        let registry = MetricsRegistry()
        Gauge(label: "a", factory: registry).record(1)
        let recorder = Recorder(label: "a", factory: registry)
        recorder.record(5)
        #expect(await text(registry) == "# TYPE a gauge\na 1\n")
    }

    @Test func countersNeverFall() async {
        let registry = MetricsRegistry()
        let counter = FloatingPointCounter(label: "a", factory: registry)
        counter.increment(by: 2)
        counter.increment(by: -1)
        counter.increment(by: Double.infinity)
        counter.increment(by: Double.nan)
        #expect(await text(registry) == "# TYPE a_total counter\na_total 2\n")
    }

    @Test func numbersThatAreNone() async {
        let registry = MetricsRegistry()
        for (name, value) in [("a", Double.nan), ("b", .infinity), ("c", -.infinity), ("d", 1e300), ("e", 0.1)] {
            Meter(label: name, factory: registry).set(value)
        }
        let values = await text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(values == ["a NaN", "b +Inf", "c -Inf", "d 1e+300", "e 0.1"])
    }

    @Test func destroyedMetricsAreGone() async {
        let registry = MetricsRegistry()
        let counter = Counter(label: "a", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(await text(registry) == "")
    }

    @Test func manyThreadsLoseNothing() async {
        let registry = MetricsRegistry(recorderBounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = Counter(label: "whole", factory: registry)
                    let fraction = FloatingPointCounter(label: "fraction", factory: registry)
                    let recorder = Recorder(label: "values", factory: registry)
                    for _ in 0..<5_000 {
                        counter.increment()
                        fraction.increment(by: 0.5)
                        recorder.record(1)
                    }
                }
            }
        }
        let lines = await text(registry)
        #expect(lines.contains("\nwhole_total 40000\n"))
        #expect(lines.contains("\nfraction_total 20000\n"))
        #expect(lines.contains("\nvalues_count 40000\n"))
    }
}
