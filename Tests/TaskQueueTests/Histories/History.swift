import Logging
import RedisClient
import TestSupport

/// One history: the same steps for the model and for Redis, until they differ.
struct History {
    let seed: UInt64

    /// - Throws: ``TestError`` with the whole history up to where it went wrong.
    func run(_ configuration: RedisConfiguration) async throws {
        // One of its own: a client that loses its connection again and again waits longer each time.
        let client = RedisClient(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await client.whileRunning { try await run(client) }
    }

    private func run(_ client: RedisClient) async throws {
        _ = try await client.send(RedisCommand("FLUSHDB"))
        var generator = HistoryGenerator(seed: seed)
        var model = HistoryModel(workers: generator.workers)
        var system = SimulatedSystem(client: client)
        var steps: [Step] = []
        while steps.count < generator.length {
            let step = generator.step(model)
            steps.append(step)
            let expectedAnswer = model.take(step)
            let answer: String
            do {
                answer = try await system.take(step)
            } catch {
                throw failure(steps, ["error: \(error)"])
            }
            let expected = model.queue.text(system.keys)
            let found = try await system.snapshot()
            if let misplaced = model.queue.misplaced { throw failure(steps, ["the model is wrong: \(misplaced)"]) }
            guard answer == expectedAnswer, found == expected else {
                throw failure(
                    steps, differences(expectedAnswer, answer, "answer") + differences(expected, found, "Redis"))
            }
        }
    }

    private func differences(_ expected: String, _ found: String, _ what: String) -> [String] {
        guard expected != found else { return [] }
        let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let foundLines = found.split(separator: "\n", omittingEmptySubsequences: false)
        return foundLines.filter { !expectedLines.contains($0) }.map { "\(what): \($0)" }
            + expectedLines.filter { !foundLines.contains($0) }.map { "model's \(what): \($0)" }
    }

    private func failure(_ steps: [Step], _ differences: [String]) -> TestError {
        let history = steps.enumerated().map { "  \($0 + 1). \($1)" }
        let text =
            ["history seed \(seed) step \(steps.count): \(steps.last.map { "\($0)" } ?? "")"] + differences
            + ["the history:"] + history
        return TestError(text.joined(separator: "\n").replacing("\u{06}\u{16}", with: "~"))
    }
}
