import Foundation
import Logging
import RedisClient
import TaskQueue
import TestSupport
import Testing

struct Sending: TaskArguments {
    var mobile: String
    var code: String
    static let parameterNames = ["mobile", "code"]
}

let sendCode = TaskDefinition<Sending, Int>("send_code", options: TaskOptions(expires: .seconds(300)))

/// A real Redis and the real tool, run as people run it.
struct ToolSystem {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let redis: RedisServer
    let client: RedisClient
    let producer: TaskProducer

    static func run(_ body: (ToolSystem) async throws -> Void) async throws {
        let redis = try await RedisServer.start(appendOnly: true)
        let client = RedisClient(
            RedisConfiguration(url: try RedisURL(redis.url(database: 3))), logger: logger)
        try await client.whileRunning {
            try await body(ToolSystem(redis: redis, client: client, producer: TaskProducer(client: client)))
        }
    }

    /// Runs the tool to its end.
    func tool(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Finished {
        try await Program.run(
            Program.built("sms-queue"), arguments,
            environment: ["SMS_BROKER_URL": redis.url(database: 3)].merging(environment) { $1 })
    }

    /// Runs the tool, which must succeed, and gives what it prints.
    func output(_ arguments: String...) async throws -> String {
        let finished = try await Program.run(
            Program.built("sms-queue"), arguments, environment: ["SMS_BROKER_URL": redis.url(database: 3)])
        #expect(finished.status == .code(0), "\(arguments): \(finished.errorOutput)\(finished.output)")
        return finished.output
    }

    /// The same, as JSON.
    func json<Value: Decodable>(_ type: Value.Type, _ arguments: String...) async throws -> Value {
        let finished = try await Program.run(
            Program.built("sms-queue"), arguments + ["--json"], environment: ["SMS_BROKER_URL": redis.url(database: 3)])
        #expect(finished.status == .code(0), "\(arguments): \(finished.errorOutput)\(finished.output)")
        return try JSONDecoder().decode(type, from: Data(finished.output.utf8))
    }

    /// Runs a worker while the body runs.
    func running(
        _ work: @escaping @Sendable (Sending, TaskContext) async throws -> Int, historySlot: Duration? = nil,
        _ body: (TaskWorker) async throws -> Void
    ) async throws {
        var registry = TaskRegistry()
        registry.register(sendCode, work)
        var configuration = WorkerConfiguration(
            broker: RedisConfiguration(url: try RedisURL(redis.url(database: 3))), name: "test@here")
        configuration.grace = .seconds(5)
        if let historySlot { configuration.historySlot = historySlot }
        let worker = TaskWorker(configuration, registry: registry, logger: Self.logger)
        let running = Task { await worker.run() }
        do {
            try await body(worker)
        } catch {
            running.cancel()
            await running.value
            throw error
        }
        running.cancel()
        await running.value
    }

    /// Puts a dead letter there, whose message no worker of this library has written.
    func bury(_ id: String, task: String = "task-\(UUID().uuidString)", reason: String = "throttled") async throws {
        try await Self.bury(id, task: task, reason: reason, in: redis, database: 3)
    }

    static func bury(
        _ id: String, task: String, reason: String = "throttled", in redis: RedisServer, database: Int
    ) async throws {
        let message =
            #"{"body":"[[\"13800138000\",\"123456\"],{},{}]","content-type":"application/json","#
            + #""headers":{"task":"send_code","id":"\#(task)","retries":2},"properties":{"priority":0}}"#
        try await redis.cli("ZADD", "{celery}:dead", "1000", id, database: database)
        try await redis.cli("HSET", "{celery}:dead:messages", id, message, database: database)
        try await redis.cli(
            "HSET", "{celery}:dead:details", id,
            #"{"reason":"\#(reason)","message":"the gateway says no","task":"send_code","id":"\#(task)","worker":"w","time":"2026-01-01T00:00:00+00:00"}"#,
            database: database)
    }
}
