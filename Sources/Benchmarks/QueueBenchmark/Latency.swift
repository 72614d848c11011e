import ArgumentParser
import TaskQueue

/// How long a job waits for a worker that has nothing else to do.
struct Latency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures the time from sending to the start of the task; prints one line of JSON.",
        discussion: "The jobs come from another process: QueueBenchmark enqueue timed --rate 50")

    @OptionGroup var worker: WorkerOptions

    @Option(help: "How many jobs to measure.")
    var jobs = 500

    @Option(help: "How many jobs to let pass before that.")
    var warmUp = 20

    func validate() throws {
        guard jobs > 0, warmUp >= 0 else { throw ValidationError("--jobs must be at least 1, --warm-up at least 0") }
    }

    func run() async throws {
        let (waits, continuation) = AsyncStream<UInt64>.makeStream()
        var registry = TaskRegistry()
        registry.register(BenchmarkTasks.timed) { arguments, _ in
            continuation.yield(MonotonicClock.nanoseconds - arguments.sentAt)
        }
        let measured = try await worker.withWorker(registry) {
            await waits.dropFirst(warmUp).prefix(jobs).reduce(into: [UInt64]()) { $0.append($1) }
        }.sorted()
        func milliseconds(_ fraction: Double) -> Double {
            Double(measured[Int(Double(measured.count - 1) * fraction)]) / 1e6
        }
        print(
            """
            {"jobs": \(measured.count), "median": \(milliseconds(0.5)), "p99": \(milliseconds(0.99)), \
            "maximum": \(milliseconds(1))}
            """)
    }
}
