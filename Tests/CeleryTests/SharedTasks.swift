import Foundation
import RedisClient
import TaskQueue

/// The tasks of `shared_tasks.py` on our side, and some that only our worker knows.
enum SharedTasks {
    static let add = TaskDefinition<Pair, Int>("add")
    static let mark = TaskDefinition<Number, NoResult>("mark")

    struct Pair: TaskArguments {
        var x, y: Int
        static let parameterNames = ["x", "y"]
    }

    struct Number: TaskArguments {
        var number: Int
        static let parameterNames = ["number"]
    }

    struct Text: TaskArguments {
        var text: String
        static let parameterNames = ["text"]
    }

    struct Greeting: TaskArguments {
        var name: String
        var times: Int
        static let parameterNames = ["name", "times"]
    }

    struct Numbers: TaskArguments {
        var numbers: [Int]
        static let parameterNames = ["numbers"]
    }

    struct Trail: TaskArguments {
        var trail: [String]
        static let parameterNames = ["trail"]
    }

    /// What a task sees of its message.
    struct Circumstances: Encodable, Sendable {
        var id: String
        var queue: String
        var trace: String?
        var limits: [Double?]
    }

    /// A failure of the test's own.
    struct Unlucky: Error {}

    static func registry(notes: RedisClient) -> TaskRegistry {
        var registry = TaskRegistry()
        registerShared(in: &registry, notes)
        registerValues(in: &registry)
        registerFailures(in: &registry, notes)
        return registry
    }

    private static func registerShared(in registry: inout TaskRegistry, _ notes: RedisClient) {
        registry.register(add) { pair, _ in pair.x + pair.y }
        registry.register(TaskDefinition<Numbers, Int>("tsum")) { arguments, _ in arguments.numbers.reduce(0, +) }
        registry.register(TaskDefinition<Trail, [String]>("visit")) { arguments, _ in arguments.trail + ["swift"] }
        registry.register(mark) { arguments, _ -> Void in
            try await Task.sleep(for: .milliseconds(20))
            try await note("swift \(arguments.number)", on: notes)
        }
    }

    private static func registerValues(in registry: inout TaskRegistry) {
        registry.register(TaskDefinition<Greeting, String>("greet")) { greeting, _ in
            Array(repeating: "Hello \(greeting.name)", count: greeting.times).joined(separator: ", ")
        }
        registry.register(TaskDefinition<NoArguments, NoResult>("nothing")) { _, _ in }
        registry.register(TaskDefinition<NoArguments, Circumstances>("circumstances")) { _, context in
            let limits = context.message.timeLimits
            return Circumstances(
                id: context.id.text, queue: context.queue, trace: context.message.header("trace"),
                limits: [limits?.hard, limits?.soft].map { $0.map { $0 / .seconds(1) } })
        }
        registry.register(TaskDefinition<NoArguments, Double>("clock")) { _, _ in Date().timeIntervalSince1970 }
    }

    private static func registerFailures(in registry: inout TaskRegistry, _ notes: RedisClient) {
        var once = TaskOptions()
        once.maximumRetries = 0
        registry.register(TaskDefinition<Text, NoResult>("fail", options: once)) { _, _ -> NoResult in throw Unlucky() }
        registry.register(TaskDefinition<Text, NoResult>("reject")) { arguments, _ -> NoResult in
            throw TaskRejection("bad_number", arguments.text)
        }
        registry.register(TaskDefinition<NoArguments, Int>("flaky")) { _, context in
            guard context.retries == 2 else { throw TaskRetry("not yet", after: .milliseconds(10)) }
            return context.retries
        }
        registry.register(TaskDefinition<NoArguments, NoResult>("slow", options: once)) { _, _ -> Void in
            try await Task.sleep(for: .seconds(3600))
        }
        registry.register(TaskDefinition<Text, NoResult>("note_failure")) { arguments, _ -> Void in
            try await note("failed \(arguments.text)", on: notes)
        }
    }

    private static func note(_ text: String, on notes: RedisClient) async throws {
        _ = try await notes.send(RedisCommand("RPUSH", "notes", text))
    }
}
