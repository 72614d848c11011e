import ArgumentParser

/// Measures the task queue through its public API alone, as a program that uses it would see it.
@main
struct QueueBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "QueueBenchmark",
        abstract: "Measures the task queue. Scripts/bench queue runs it beside other programs.",
        subcommands: [Enqueue.self, Work.self, Latency.self, Memory.self, Decode.self])
}
