import Logging
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import CrashTestWorker

/// A Redis that keeps what it was told, and the test's own connection to it.
struct CrashSystem {
    let redis: RedisServer
    let client: RedisClient
    let producer: TaskProducer
    let keys = QueueKeys(queue: "celery")

    private let broker: String

    static func running(_ body: (CrashSystem) async throws -> Void) async throws {
        let redis = try await RedisServer.start(appendOnly: true)
        let broker = redis.url(database: 3)
        let client = RedisClient(
            RedisConfiguration(url: try RedisURL(broker)),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await client.whileRunning {
            try await body(
                CrashSystem(redis: redis, client: client, producer: TaskProducer(client: client), broker: broker))
        }
    }

    private init(redis: RedisServer, client: RedisClient, producer: TaskProducer, broker: String) {
        self.redis = redis
        self.client = client
        self.producer = producer
        self.broker = broker
    }

    func startWorker(
        _ name: String, concurrency: Int = 16, grace: Duration = .seconds(25)
    ) throws -> WorkerProcess {
        try WorkerProcess(name: name, broker: broker, concurrency: concurrency, grace: grace)
    }

    // MARK: - Jobs

    /// Puts jobs on the queue, many at a time; each may have an expiry of its own.
    func enqueue<Arguments>(
        _ task: TaskDefinition<Arguments, Int>, _ arguments: Arguments, expiries: [Duration?]
    ) async throws -> [Job] {
        var jobs: [Job] = []
        for start in stride(from: 0, to: expiries.count, by: 500) {
            jobs += try await withThrowingTaskGroup { [producer] group in
                for expiry in expiries[start...].prefix(500) {
                    group.addTask {
                        let now = WireTime.now
                        let id = try await producer.enqueue(task, arguments, expires: expiry, now: now)
                        return Job(id: id, expires: expiry.map { now.adding($0) })
                    }
                }
                return try await group.reduce(into: [Job]()) { $0.append($1) }
            }
        }
        return jobs
    }

    func enqueue<Arguments>(
        _ task: TaskDefinition<Arguments, Int>, _ arguments: Arguments, count: Int
    ) async throws -> Set<TaskID> {
        Set(try await enqueue(task, arguments, expiries: Array(repeating: nil, count: count)).map(\.id))
    }

    // MARK: - What the tasks noted

    func openGate(_ gate: String) async throws {
        try await client.set(gate, "open", expiry: nil)
    }

    func executions() async throws -> [Execution] {
        try await lines(Notebook.journal).map { try Execution($0) }
    }

    /// The tasks that came to their gate in that worker.
    func arrivals(at worker: WorkerProcess) async throws -> [TaskID] {
        try await notes(Notebook.arrivals, by: worker)
    }

    /// The tasks of that worker that the fence stopped.
    func refusals(at worker: WorkerProcess) async throws -> [TaskID] {
        try await notes(Notebook.refusals, by: worker)
    }

    private func notes(_ list: String, by worker: WorkerProcess) async throws -> [TaskID] {
        try await lines(list).map { $0.split(separator: " ") }.filter { $0[1] == worker.name }
            .map { TaskID(String($0[0])) }
    }

    private func lines(_ list: String) async throws -> [String] {
        try await client.listElements(list, from: 0, to: -1).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: - What the queue says

    func statistics() async throws -> QueueStatistics {
        try await QueueInspector(client: client, queue: keys.queue).statistics()
    }

    func counter(_ name: String) async throws -> Int {
        try await client.hashValue(keys.statistics, name).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }

    /// The names in Redis of the workers that are alive, or not yet found to be dead.
    func workers() async throws -> Set<String> {
        Set(try await statistics().claimed.keys)
    }

    /// The server's clock.
    func time() async throws -> WireTime {
        let time = try await client.send(RedisCommand("TIME")).array
        return WireTime(microseconds: try time[0].integer * 1_000_000 + time[1].integer)
    }

    /// No key of the queue is left but the statistics, the history and the dead letters: nothing waits, is claimed or
    /// scheduled, and no worker is on the list.
    func expectNothingLeft() async throws {
        var names: [String] = []
        for name in try await client.send(RedisCommand("KEYS", "*celery*")).array { names.append(try name.text) }
        let kept = [keys.statistics, keys.history, keys.dead, keys.deadMessages, keys.deadDetails]
        #expect(names.filter { !kept.contains($0) } == [])
    }
}

/// A task on the queue.
struct Job: Sendable {
    let id: TaskID
    let expires: WireTime?
}
