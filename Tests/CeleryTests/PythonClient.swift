import RedisClient
import TaskQueue
import TestSupport
import Testing

/// The real Celery's client: a Python process that evaluates what a person would type into its shell.
struct PythonClient {
    private let program: Program
    private let redis: RedisClient

    static func start(_ system: [String: String], _ redis: RedisClient) async throws -> PythonClient {
        let program = try Program.start(
            TestPython.interpreter(), ["client.py"], environment: system, folder: CelerySystem.pythonFolder)
        try await program.waitForLine(containing: "ready")
        return PythonClient(program: program, redis: redis)
    }

    /// What the last line of the text gives, as Python prints it; or `raised module.Exception(arguments)`.
    func callAsFunction(_ text: String) async throws -> String {
        let call = TaskID.random().text
        _ = try await redis.send(RedisCommand("LPUSH", "client:calls", "\(call)\n\(text)"))
        var answer: String?
        try await eventually("Python answers to \(text)", timeout: .seconds(60)) {
            guard program.isRunning else { throw TestError("client.py has ended:\n\(program.errorOutput)") }
            answer = try await redis.getAndDelete("client:answer:\(call)")
            return answer != nil
        }
        return answer ?? "no answer"
    }

    /// Does what the text says; nothing may be raised.
    func run(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await self(text)
        #expect(!answer.hasPrefix("raised "), "\(text)", sourceLocation: sourceLocation)
    }

    /// Checks what the last line of the text gives.
    func expect(_ text: String, gives value: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await self(text)
        #expect(answer == value, "\(text)", sourceLocation: sourceLocation)
    }

    /// Checks that an exception is raised, of which at least the beginning is told: `module.Exception(…`.
    func expect(
        _ text: String, raises exception: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await self(text)
        #expect(answer.hasPrefix("raised \(exception)"), "\(text)", sourceLocation: sourceLocation)
    }
}
