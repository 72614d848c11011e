internal import ArgumentParser
internal import RedisClient
internal import TaskQueue
internal import UnixSignals

/// `sms-queue bench`
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures with a small load how fast this Redis carries tasks.",
        discussion: """
            It sends tasks that do nothing over a queue of its own and runs them in this process, so that it says what this \
            machine, the network and Redis can do together. It removes the queue afterwards, also after Ctrl-C.
            """)

    @Option(help: "How many tasks.")
    var tasks = 10_000

    @Option(help: "How many are run at once.")
    var concurrency = 64

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard (1...1_000_000).contains(tasks) else {
            throw ValidationError("--tasks \(tasks): expected a number from 1 to 1000000")
        }
        guard (1...10_000).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): expected a number from 1 to 10000")
        }
    }

    func run() async {
        await options.connected { session in
            let name = "sms-queue-bench-\(TaskID.random().text.prefix(8))"
            let bench = QueueBench(client: session.client, queue: name, tasks: tasks, concurrency: concurrency)
            let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm])
            // In a task of its own: what is left is removed when that was cancelled.
            let work = Task {
                try await ProgressLine.whileShown { progress in try await bench.run { progress.show($0) } }
            }
            let listening = Task {
                for await _ in signals { work.cancel() }
            }
            let end = await work.result
            listening.cancel()
            try await QueueInspector(client: session.client, queue: name).erase()
            guard !work.isCancelled else { throw ToolError("stopped; the queue of the test is removed") }
            let result = try end.get()
            try options.show(result) { Self.table(result) }
        }
    }

    private static func table(_ result: QueueBenchResult) -> String {
        func spread(_ spread: Spread) -> String {
            "median \(hundredths(spread.median)) ms, 99 % within \(hundredths(spread.ninetyNinth)) ms, "
                + "at most \(hundredths(spread.most)) ms"
        }
        return TextTable.text(
            ["WHAT", "HOW MUCH"],
            [
                ["round trip to Redis", spread(result.roundTrip)],
                ["sent", "\(Int(result.sentPerSecond)) tasks a second"],
                ["run and acknowledged", "\(Int(result.runPerSecond)) tasks a second"],
                ["wait for an idle worker", spread(result.idleWait)],
            ])
    }
}

/// A number with two digits behind the point.
private func hundredths(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
