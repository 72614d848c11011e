internal import ArgumentParser
internal import Operations
internal import RedisClient
internal import TaskQueue

/// `sms-queue watch`
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The same as stats, live: Ctrl-C ends it.",
        discussion: "Where standard output is no terminal, and with --json, it prints again and again.")

    /// As many samples as are shown.
    private static let memory = 120

    @Option(parsing: .unconditional, help: "How many seconds lie between two looks.")
    var interval = 1.0

    @Flag(help: "All queues of the database, one line each.")
    var all = false

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval \(interval): expected seconds from 0.1 to 3600")
        }
    }

    func run() async {
        await options.connected { session in
            // Whoever cannot be reached at all is no case for waiting.
            var last = (statistics: try await look(session), time: ContinuousClock.now)
            // Of each look one sample for each queue.
            var history = [last.statistics.map(StatisticsSample.init(statistics:))]
            var trouble: RedisError?
            let events = await TerminalEvents.every(.seconds(interval))
            let screen = options.json || !Terminal.showsOutput ? nil : TerminalScreen()
            defer { screen?.leave() }
            for await event in events {
                if event == .tick {
                    do throws(RedisError) {
                        let statistics = try await look(session)
                        let now = ContinuousClock.now
                        let before = Dictionary(last.statistics.map { ($0.queue, $0) }) { $1 }
                        history.append(
                            statistics.map { queue in
                                // One that nobody had used before has no rate yet.
                                StatisticsSample(
                                    queue, since: before[queue.queue] ?? queue, last.time.duration(to: now))
                            })
                        history = history.suffix(Self.memory)
                        last = (statistics, now)
                        trouble = nil
                    } catch {
                        trouble = error
                    }
                }
                try show(history, trouble, on: screen)
            }
        }
    }

    private func look(_ session: QueueSession) async throws(RedisError) -> [QueueStatistics] {
        try await StatisticsSample.statistics(of: all ? session.allQueues() : [session.queue])
    }

    private func show(_ history: [[StatisticsSample]], _ trouble: RedisError?, on screen: TerminalScreen?) throws {
        guard let samples = history.last else { return }
        let time = samples.first?.statistics.time ?? ""
        if let screen {
            let head = trouble.map { "\($0); trying again" } ?? time
            return screen.show(
                "sms-queue watch  \(escapingControls(in: head))\n\n\(table(samples, history, screen.columns))")
        }
        if let trouble { return StandardError.write(Array("sms-queue: \(trouble); trying again\n".utf8)) }
        guard options.json else { return printNow("\(time)\n\(table(samples, [], 0))\n") }
        printNow(
            all
                ? try QueueOptions.text(samples, onOneLine: true)
                : try samples.first.map { try QueueOptions.text($0, onOneLine: true) } ?? "{}")
    }

    private func table(_ samples: [StatisticsSample], _ history: [[StatisticsSample]], _ columns: Int) -> String {
        guard !all, let sample = samples.first else { return StatisticsTable.overview(samples) }
        guard !history.isEmpty else { return StatisticsTable.text(sample) }
        return StatisticsTable.text(sample, history: history.compactMap(\.first), columns: columns)
    }
}
