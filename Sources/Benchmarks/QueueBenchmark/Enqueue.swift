import ArgumentParser
import RedisClient
import TaskQueue

/// Puts jobs on the queue, as fast as it can or at a steady rate.
struct Enqueue: AsyncParsableCommand {
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case text
        case timed
        case code
    }

    static let configuration = CommandConfiguration(
        abstract: "Puts jobs on the queue and measures that; prints one line of JSON.")

    @Argument(help: "Which task: \(Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: Kind

    @OptionGroup var queue: QueueOptions

    @Option(help: "How many jobs.")
    var count = 0

    @Option(help: "As many jobs as are missing for so many on the list, instead of --count.")
    var fillTo: Int?

    @Option(help: "How long the text of the `text` task is.")
    var textLength = 0

    @Option(help: "The jobs expire after so many seconds.")
    var expires: Int?

    @Option(help: "How many jobs to put on the list at a time.")
    var portion = 1000

    @Option(help: "Send nothing while so many jobs or more are on the list.")
    var keepBelow: Int?

    @Option(help: "So many jobs a second, one by one.")
    var rate: Double?

    func validate() throws {
        guard portion > 0, rate ?? 1 > 0, count >= 0 else {
            throw ValidationError("--portion and --rate must be above 0, --count not below")
        }
    }

    func run() async throws {
        let text = TextArguments(text: String(repeating: "x", count: textLength))
        switch kind {
        case .text: try await enqueue(BenchmarkTasks.noOperation) { text }
        case .timed: try await enqueue(BenchmarkTasks.timed) { TimedArguments(sentAt: MonotonicClock.nanoseconds) }
        case .code: try await enqueue(BenchmarkTasks.sendCode) { CodeArguments(mobile: "13800138000", code: "123456") }
        }
    }

    private func enqueue<Arguments>(
        _ task: TaskDefinition<Arguments, NoResult>, _ arguments: () -> Arguments
    ) async throws {
        var task = task
        task.options.expires = expires.map { .seconds($0) }
        try await queue.withClient { client in
            var missing = count
            if let fillTo { missing = try await fillTo - waiting(client) }
            let wanted = max(0, missing)
            let producer = TaskProducer(client: client, queue: queue.queue)
            let cpuStart = ProcessUsage.cpuSeconds
            let start = ContinuousClock.now
            if let rate {
                try await enqueue(wanted, task, arguments, with: producer, every: .seconds(1 / rate))
            } else {
                try await enqueue(wanted, task, arguments, with: producer, client)
            }
            let elapsed = start.duration(to: .now) / .seconds(1)
            let cpu = ProcessUsage.cpuSeconds - cpuStart
            print("{\"jobs\": \(wanted), \"seconds\": \(elapsed), \"cpuSeconds\": \(cpu)}")
        }
    }

    private func enqueue<Arguments>(
        _ wanted: Int, _ task: TaskDefinition<Arguments, NoResult>, _ arguments: () -> Arguments,
        with producer: TaskProducer, every period: Duration
    ) async throws {
        var due = ContinuousClock.now
        for _ in 0..<wanted {
            try await Task.sleep(until: due, clock: .continuous)
            try await producer.enqueue(task, arguments())
            due += period
        }
    }

    private func enqueue<Arguments>(
        _ wanted: Int, _ task: TaskDefinition<Arguments, NoResult>, _ arguments: () -> Arguments,
        with producer: TaskProducer, _ client: RedisClient
    ) async throws {
        var missing = wanted
        while missing > 0 {
            if let keepBelow {
                while try await waiting(client) >= keepBelow { try await Task.sleep(for: .milliseconds(5)) }
            }
            let number = min(portion, missing)
            try await producer.enqueue(task, many: (0..<number).map { _ in arguments() })
            missing -= number
        }
    }

    private func waiting(_ client: RedisClient) async throws -> Int {
        try await client.send(RedisCommand("LLEN", queue.queue)).integer
    }
}
