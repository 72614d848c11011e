internal import Logging
internal import RedisClient
internal import Synchronization
internal import TaskQueue

/// A small load on a queue of its own: tasks that do nothing, sent and run by this process.
struct QueueBench {
    /// What is sent with each task.
    private struct Stamp: TaskArguments {
        /// When it was sent, in microseconds since this process began to measure.
        var sent: Int
        static let parameterNames = ["sent"]
    }

    /// As many tasks are sent at once.
    private static let portion = 100
    /// As many are sent one after the other to a worker that has nothing else to do.
    private static let singles = 100

    let client: RedisClient
    let queue: String
    let tasks: Int
    let concurrency: Int

    func run(progress: (String) -> Void) async throws -> QueueBenchResult {
        let task = TaskDefinition<Stamp, Int>("bench")
        let start = ContinuousClock.now
        let waits = Mutex<[Double]>([])
        func stamp() -> Int { Int(start.duration(to: .now) / .microseconds(1)) }

        var registry = TaskRegistry()
        registry.register(task) { [start] stamp, _ in
            let wait = start.duration(to: .now) / .milliseconds(1) - Double(stamp.sent) / 1000
            waits.withLock { $0.append(wait) }
            return 0
        }
        let producer = TaskProducer(client: client, queue: queue, origin: "sms-queue bench")
        var result = QueueBenchResult(queue: queue, tasks: tasks)
        result.roundTrip = try await roundTrips()

        let sending = ContinuousClock.now
        var sent = 0
        while sent < tasks {
            let count = min(Self.portion, tasks - sent)
            try await producer.enqueue(task, many: Array(repeating: Stamp(sent: stamp()), count: count))
            sent += count
            progress("sent \(sent) of \(tasks)")
        }
        result.sentPerSecond = Double(tasks) / (sending.duration(to: .now) / .seconds(1))

        var configuration = WorkerConfiguration(broker: client.configuration, name: "bench@sms-queue")
        configuration.broker.whileDisconnected = .wait
        configuration.queues = [QueueShare(stringLiteral: queue)]
        configuration.concurrency = concurrency
        configuration.grace = .seconds(1)
        let worker = TaskWorker(
            configuration, registry: registry, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        let working = Task { await worker.run() }
        do {
            try await measure(task, producer, waits, stamp, &result, progress)
        } catch {
            working.cancel()
            await working.value
            throw error
        }
        working.cancel()
        await working.value
        return result
    }

    private func measure(
        _ task: TaskDefinition<Stamp, Int>, _ producer: TaskProducer, _ waits: borrowing Mutex<[Double]>,
        _ stamp: () -> Int, _ result: inout QueueBenchResult, _ progress: (String) -> Void
    ) async throws {
        let start = ContinuousClock.now
        try await waitUntil(tasks, waits) { progress("run \($0) of \(tasks)") }
        result.runPerSecond = Double(tasks) / (start.duration(to: .now) / .seconds(1))

        waits.withLock { $0 = [] }
        for count in 1...Self.singles {
            try await producer.enqueue(task, Stamp(sent: stamp()))
            try await waitUntil(count, waits) { _ in }
            progress("sent to an idle worker \(count) of \(Self.singles)")
        }
        result.idleWait = Spread(waits.withLock { $0 })
    }

    private func roundTrips() async throws -> Spread {
        var times: [Double] = []
        for _ in 0..<Self.singles {
            let start = ContinuousClock.now
            try await client.ping()
            times.append(start.duration(to: .now) / .milliseconds(1))
        }
        return Spread(times)
    }

    private func waitUntil(
        _ count: Int, _ waits: borrowing Mutex<[Double]>, progress: (Int) -> Void
    ) async throws {
        var standstill = Standstill(since: .now)
        while true {
            let done = waits.withLock { $0.count }
            progress(done)
            if done >= count { return }
            guard !standstill.isTooLong(done, at: .now) else {
                throw ToolError(
                    "\(done) of \(count) tasks were run, and none more within a minute: does another worker take them,"
                        + " or is Redis away? sms-queue doctor looks")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// Since when a count has not grown.
struct Standstill {
    private static let longest = Duration.seconds(60)
    private var count = 0
    private var start: ContinuousClock.Instant

    init(since start: ContinuousClock.Instant) { self.start = start }

    /// Whether the count is still the same after a minute.
    mutating func isTooLong(_ count: Int, at now: ContinuousClock.Instant) -> Bool {
        if count > self.count { (self.count, start) = (count, now) }
        return start.duration(to: now) >= Self.longest
    }
}

/// What was measured.
struct QueueBenchResult: Encodable, Sendable {
    let queue: String
    let tasks: Int
    /// Milliseconds from a command to its reply.
    var roundTrip = Spread([])
    var sentPerSecond = 0.0
    /// Tasks that do nothing, from their claim to their acknowledgement.
    var runPerSecond = 0.0
    /// Milliseconds from sending to the start of the task, while the worker has nothing else to do.
    var idleWait = Spread([])

    init(queue: String, tasks: Int) {
        self.queue = queue
        self.tasks = tasks
    }
}

/// How numbers are spread.
struct Spread: Encodable, Sendable {
    let median: Double
    let ninetyNinth: Double
    let most: Double

    init(_ numbers: [Double]) {
        let sorted = numbers.sorted()
        func number(at share: Double) -> Double {
            sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
        }
        median = number(at: 0.5)
        ninetyNinth = number(at: 0.99)
        most = sorted.last ?? 0
    }
}
