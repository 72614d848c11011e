import ArgumentParser
import TaskQueue

/// A worker whose tasks do nothing.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works until it is stopped from outside, or does some jobs and prints one line of JSON.")

    @OptionGroup var worker: WorkerOptions

    @Option(help: "Measure so many jobs, then stop.")
    var jobs: Int?

    @Option(help: "How many jobs to do before that.")
    var warmUp = 1

    func validate() throws {
        guard warmUp > 0, jobs ?? 1 > 0 else { throw ValidationError("--jobs and --warm-up must be at least 1") }
    }

    func run() async throws {
        let milestones = Milestones([warmUp, jobs.map { warmUp + $0 } ?? .max])
        var registry = TaskRegistry()
        registry.register(BenchmarkTasks.noOperation) { _, _ in
            milestones.jobIsDone()
        }
        let readings = try await worker.withWorker(registry) { try await milestones.all() }
        guard let first = readings.first, let last = readings.last else { return }
        let seconds = Double(last.nanoseconds - first.nanoseconds) / 1e9
        print(
            """
            {"jobs": \(jobs ?? 0), "seconds": \(seconds), "cpuSeconds": \(last.cpuSeconds - first.cpuSeconds)}
            """)
    }
}
