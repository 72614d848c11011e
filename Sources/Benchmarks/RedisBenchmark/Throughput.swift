import ArgumentParser

/// How many commands a second, and what they cost.
struct Throughput: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures commands a second and processor time; prints one line of JSON.")

    @Argument(help: "The command: \(Operation.allCases.map(\.rawValue).joined(separator: ", ")).")
    var operation: Operation

    @OptionGroup var load: LoadOptions

    @Option(help: "How long to measure.")
    var seconds = 1.0

    @Option(help: "For how many seconds to run before that.")
    var warmUp = 0.2

    func run() async throws {
        try await load.withLoad { load in
            _ = try await load.run([operation], for: .seconds(warmUp))
            let cpuStart = ProcessUsage.cpuSeconds
            let start = ContinuousClock.now
            let operations = try await load.run([operation], for: .seconds(seconds))
            let elapsed = start.duration(to: .now) / .seconds(1)
            let cpu = ProcessUsage.cpuSeconds - cpuStart
            print(
                """
                {"operations": \(operations), "seconds": \(elapsed), "cpuSeconds": \(cpu), \
                "maximumResidentKibibytes": \(ProcessUsage.maximumResidentKibibytes)}
                """)
        }
    }
}
