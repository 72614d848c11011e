import Foundation
import RedisClient
import TestSupport
import Testing

/// Histories of a queue, made from a seed, that run against a real Redis and against a model of it: after every step every
/// job must be in exactly the place where the model says, and the answer must be the model's.
///
/// `SMS_HISTORIES=<number>` sets how many there are, 2000 by default. A failure names its history and step;
/// `SMS_HISTORY_SEED=<seed> swift test --filter HistoryTests` runs that history alone again.
@Suite(.timeLimit(.minutes(60))) struct HistoryTests {
    @Test func everyJobIsWhereTheModelSays() async throws {
        let seeds = try Self.seeds()
        print("Histories: \(seeds.count), the first with the seed \(seeds.lowerBound)")
        let server = try await RedisServer.start()
        let configuration = RedisConfiguration(url: try RedisURL(server.unixURL()))
        for seed in seeds { try await History(seed: seed).run(configuration) }
    }

    private static func seeds() throws -> Range<UInt64> {
        if let seed = try number("SMS_HISTORY_SEED") { return seed..<seed + 1 }
        let first = UInt64.random(in: 0..<1_000_000_000)
        return first..<first + (try number("SMS_HISTORIES") ?? 2000)
    }

    private static func number(_ variable: String) throws -> UInt64? {
        guard let text = ProcessInfo.processInfo.environment[variable] else { return nil }
        guard let number = UInt64(text), number < UInt64.max / 2 else {
            throw TestError("\(variable) is not a number: \(text)")
        }
        return number
    }
}
