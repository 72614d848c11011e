internal import ArgumentParser
internal import Operations
internal import TaskQueue

/// `sms-queue stats`
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How much of the queue is where, and how fast it goes.",
        discussion: "The rates are measured while it looks twice, a second apart.")

    @Flag(help: "All queues of the database, one line each.")
    var all = false

    @Option(parsing: .unconditional, help: "For how many seconds the rates are measured; 0: not at all.")
    var measure = 1.0

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard (0...3600).contains(measure) else {
            throw ValidationError("--measure \(measure): expected seconds from 0 to 3600")
        }
    }

    func run() async {
        await options.connected { session in
            guard !all else { return try await showAll(session) }
            let sample = try await ProgressLine.whileShown("measuring") { _ in
                try await StatisticsSample.take(session.queue, over: .seconds(measure))
            }
            try options.show(sample) { StatisticsTable.text(sample) }
            if sample.statistics.isUntouched { try await tellWhatQueuesThereAre(session) }
        }
    }

    /// A name that was mistyped looks like a queue with nothing to do.
    private func tellWhatQueuesThereAre(_ session: QueueSession) async throws {
        let names = try await QueueInspector.queues(session.client)
        let known = names.isEmpty ? "nor any other queue" : "but \(names.joined(separator: ", "))"
        Terminal.write(
            "sms-queue: nobody has used a queue \(escapingControls(in: "\(session.name) in this database, \(known)"))\n"
        )
    }

    private func showAll(_ session: QueueSession) async throws {
        let queues = try await ProgressLine.whileShown("measuring") { _ in
            try await StatisticsSample.take(session.allQueues(), over: .seconds(measure))
        }
        try options.show(queues) { StatisticsTable.overview(queues) }
    }
}

extension QueueStatistics {
    /// Nothing waits, nobody works, and nothing was ever counted.
    fileprivate var isUntouched: Bool {
        counters.isEmpty && claimed.isEmpty && allWaiting + scheduled + dead == 0
    }
}
