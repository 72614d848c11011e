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

    @OptionGroup var options: QueueOptions

    func validate() throws {
        guard (0.1...3600).contains(interval) else {
            throw ValidationError("--interval \(interval): expected seconds from 0.1 to 3600")
        }
    }

    func run() async {
        await options.connected { session in
            // Whoever cannot be reached at all is no case for waiting.
            var last = (statistics: try await session.queue.statistics(), time: ContinuousClock.now)
            var history: [StatisticsSample] = [StatisticsSample(statistics: last.statistics)]
            var trouble: RedisError?
            let events = await TerminalEvents.every(.seconds(interval))
            let screen = options.json || !Terminal.showsOutput ? nil : TerminalScreen()
            defer { screen?.leave() }
            for await event in events {
                if event == .tick {
                    do throws(RedisError) {
                        let statistics = try await session.queue.statistics()
                        let now = ContinuousClock.now
                        history.append(
                            StatisticsSample(statistics, since: last.statistics, last.time.duration(to: now)))
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

    private func show(_ history: [StatisticsSample], _ trouble: RedisError?, on screen: TerminalScreen?) throws {
        guard let sample = history.last else { return }
        if let screen {
            let head = trouble.map { "\($0); trying again" } ?? sample.statistics.time
            return screen.show(
                "sms-queue watch  \(escapingControls(in: head))\n\n"
                    + StatisticsTable.text(sample, history: history, columns: screen.columns))
        }
        if let trouble { return StandardError.write(Array("sms-queue: \(trouble); trying again\n".utf8)) }
        if options.json {
            printNow(try QueueOptions.text(sample, onOneLine: true))
        } else {
            printNow("\(sample.statistics.time)\n\(StatisticsTable.text(sample))\n")
        }
    }
}
