import ArgumentParser

/// Measures `RedisClient` through its public API alone, as a program that uses it would see it.
@main
struct RedisBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "RedisBenchmark",
        abstract: "Measures the Redis client. Scripts/bench redis runs it beside other programs.",
        subcommands: [Throughput.self, Memory.self])
}
