import ArgumentParser

/// Whether the process grows while it runs for long.
///
/// It looks between two parts of the load, when nothing is in flight, so that all readings are of the same state.
struct Memory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures resident memory over a long mix of all commands; prints one line of JSON.")

    @OptionGroup var load: LoadOptions

    @Option(help: "How many commands.")
    var count = 10_000_000

    @Option(help: "How many commands to run before the first reading.")
    var warmUp = 500_000

    @Option(help: "How many commands from one reading to the next.")
    var every = 1_000_000

    func run() async throws {
        try await load.withLoad { load in
            _ = try await load.run(Operation.allCases, commands: warmUp)
            let first = try ProcessUsage.residentKibibytes()
            var readings = [first]
            var operations = 0
            while operations < count {
                operations += try await load.run(Operation.allCases, commands: min(every, count - operations))
                readings.append(try ProcessUsage.residentKibibytes())
            }
            let growth = (readings.last ?? first) - first
            print(
                """
                {"operations": \(operations), "residentKibibytes": \(readings), "growthKibibytes": \(growth), \
                "maximumResidentKibibytes": \(ProcessUsage.maximumResidentKibibytes)}
                """)
        }
    }
}
