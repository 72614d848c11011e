import ArgumentParser
import CoreMetrics
import Operations
import TaskQueue
import TraceExport

/// A worker whose tasks do nothing.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works until it is stopped from outside, or does some jobs and prints one line of JSON.",
        discussion: "It exports its runs as spans where OTEL_EXPORTER_OTLP_ENDPOINT says so.")

    @OptionGroup var worker: WorkerOptions

    @Option(help: "Measure so many jobs, then stop.")
    var jobs: Int?

    @Option(help: "How many jobs to do before that.")
    var warmUp = 1

    @Flag(help: "Count and measure tasks, as sms-worker does.")
    var metrics = false

    func validate() throws {
        guard warmUp > 0, jobs ?? 1 > 0 else { throw ValidationError("--jobs and --warm-up must be at least 1") }
    }

    func run() async throws {
        let milestones = Milestones([warmUp, jobs.map { warmUp + $0 } ?? .max])
        var registry = TaskRegistry()
        registry.register(BenchmarkTasks.noOperation) { _, _ in
            milestones.jobIsDone()
        }
        var middleware: [any TaskMiddleware] = []
        if metrics {
            MetricsSystem.bootstrap(MetricsRegistry())
            middleware.append(TaskMetrics())
        }
        let exporter = try startTracing(program: "QueueBenchmark", logger: worker.queue.logger)
        if exporter != nil { middleware.append(TaskTracing()) }
        let exporting = Task { await exporter?.run() }
        defer { exporting.cancel() }
        let readings = try await worker.withWorker(registry, middleware) { try await milestones.all() }
        guard let first = readings.first, let last = readings.last else { return }
        let seconds = Double(last.nanoseconds - first.nanoseconds) / 1e9
        print(
            """
            {"jobs": \(jobs ?? 0), "seconds": \(seconds), "cpuSeconds": \(last.cpuSeconds - first.cpuSeconds)}
            """)
    }
}
