import ArgumentParser
import TaskQueue

/// Whether a worker grows while it works for long.
struct Memory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures resident memory, idle and over many jobs; prints one line of JSON.",
        discussion: "The jobs come from another process: QueueBenchmark enqueue text, once this one says `ready`.")

    @OptionGroup var worker: WorkerOptions

    @Option(help: "How many jobs.")
    var jobs = 5_000_000

    func validate() throws {
        guard jobs >= 10 else { throw ValidationError("--jobs must be at least 10") }
    }

    func run() async throws {
        let milestones = Milestones([jobs / 10, jobs / 2, jobs])
        var registry = TaskRegistry()
        registry.register(BenchmarkTasks.noOperation) { _, _ in
            milestones.jobIsDone()
        }
        let (idle, readings) = try await worker.withWorker(registry) {
            (try ProcessUsage.residentKibibytes(), try await milestones.all().map(\.residentKibibytes))
        }
        let growth = (readings.last ?? 0) - (readings.first ?? 0)
        print(
            """
            {"jobs": \(jobs), "idleKibibytes": \(idle), "residentKibibytes": \(readings), \
            "growthKibibytes": \(growth), "maximumResidentKibibytes": \(ProcessUsage.maximumResidentKibibytes)}
            """)
    }
}
