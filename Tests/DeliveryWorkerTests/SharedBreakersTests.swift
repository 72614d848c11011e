import Logging
import RedisClient
import SMSProviders
import TestSupport
import Testing

@testable import DeliveryWorker

/// Two workers' breakers, shared over a real Redis.
@Suite(.timeLimit(.minutes(2))) struct SharedBreakersTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let place = CircuitBreakers.Place(provider: "twilio", part: "country US")

    /// - Parameters:
    ///   - secondsClock: The second worker's clock.
    ///   - grace: How much longer those keep away who were told; by default longer than any exchange may take.
    ///   - renewal: How often they prolong the life of those that are closed by hand.
    private func withTwoWorkers(
        secondsClock: @escaping @Sendable () -> Int = { CircuitBreakers.uptime() }, grace: Duration = .seconds(60),
        renewal: Duration = .seconds(3600),
        _ body: (CircuitBreakers, CircuitBreakers, RedisClient) async throws -> Void
    ) async throws {
        let server = try await RedisServer.start()
        let client = RedisClient(RedisConfiguration(url: try RedisURL(server.url(database: 3))), logger: logger)
        let (first, second) = (CircuitBreakers(), CircuitBreakers(now: secondsClock))
        try await client.whileRunning {
            try await withThrowingTaskGroup { group in
                for breakers in [first, second] {
                    let shared = SharedBreakers(
                        breakers: breakers, client: client, logger: logger, period: .milliseconds(10), grace: grace,
                        renewal: renewal)
                    group.addTask { await shared.run() }
                }
                try await body(first, second, client)
                group.cancelAll()
            }
        }
    }

    private func opened(_ reason: SendReason = .geo, for wait: Duration = .seconds(60)) -> CircuitBreakers.Open {
        CircuitBreakers.Open(place: place, reason: reason, wait: wait)
    }

    @Test func whatOneWorkerFindsOutTheOtherKnows() async throws {
        try await withTwoWorkers { first, second, client in
            first.adopt(opened())
            try await eventually("the other one keeps away") {
                second.open.map(\.description) == ["twilio, country US (geo)"]
            }
            #expect(second.open[0].wait > first.open[0].wait, "one of them is to try first")
            #expect(try await client.send(RedisCommand("HLEN", SharedBreakers.key)).integer == 1)
            #expect(try await client.send(RedisCommand("PTTL", SharedBreakers.key)).integer > 0, "left by the dead")
            first.close(place)
            try await eventually("messages go through again") { second.open.isEmpty }
            #expect(first.open.isEmpty)
            #expect(try await client.send(RedisCommand("HLEN", SharedBreakers.key)).integer == 0)
        }
    }

    @Test func whatAProviderAsksForHoursOfIsKeptForAsLong() async throws {
        try await withTwoWorkers { first, second, client in
            first.adopt(opened(.rate, for: .seconds(7200)))
            try await eventually("the other one keeps away") { !second.open.isEmpty }
            #expect(try await client.send(RedisCommand("PTTL", SharedBreakers.key)).integer > 7_200_000)
        }
    }

    @Test func theOtherOnesTryEndsItForBoth() async throws {
        try await withTwoWorkers { first, second, client in
            first.adopt(opened())
            try await eventually("the other one keeps away") { !second.open.isEmpty }
            second.close(place)
            try await eventually("it is closed for both") { first.open.isEmpty && second.open.isEmpty }
            #expect(try await client.send(RedisCommand("HLEN", SharedBreakers.key)).integer == 0)
        }
    }

    @Test func whatAnotherProgramWroteThereIsNoHarm() async throws {
        try await withTwoWorkers { first, second, client in
            _ = try await client.send(RedisCommand("HSET", SharedBreakers.key, "", "x", "twilio", "what is this"))
            first.adopt(opened())
            try await eventually("the other one keeps away") { second.open.count == 1 }
        }
    }

    @Test func whatIsClosedForGoodStaysSoUntilAnOperatorDeletesIt() async throws {
        try await withTwoWorkers { first, second, client in
            let year = Duration.seconds(365 * 86_400)
            first.adopt(opened(.gone, for: year * 100))
            try await eventually("the other one keeps away") { second.open.first?.reason == .gone }
            #expect(try #require(second.open.first).wait > year * 99)
            let month = SharedBreakers.lifeWithoutWorkers.wholeMilliseconds
            let life = try await client.send(RedisCommand("PTTL", SharedBreakers.key)).integer
            #expect((month - 600_000...month).contains(life), "it outlives the workers, but not for ever")
            _ = try await client.send(RedisCommand("HDEL", SharedBreakers.key, place.description))
            try await eventually("messages go through again") { first.open.isEmpty && second.open.isEmpty }
        }
    }

    /// Opens a breaker for good, makes its life in Redis short, and tells how long that is later, in milliseconds.
    private func lifeAfterAWhile(
        renewal: Duration, _ isEnough: @escaping @Sendable (Int) -> Bool
    ) async throws {
        try await withTwoWorkers(renewal: renewal) { first, second, client in
            first.adopt(opened(.gone, for: .seconds(365 * 86_400)))
            try await eventually("the other one keeps away") { !second.open.isEmpty }
            try await exchanges(client)
            _ = try await client.send(RedisCommand("EXPIRE", SharedBreakers.key, 3600))
            try await exchanges(client)
            #expect(isEnough(try await client.send(RedisCommand("PTTL", SharedBreakers.key)).integer))
        }
    }

    @Test func workersProlongTheLifeOfWhatIsClosedForGood() async throws {
        let month = SharedBreakers.lifeWithoutWorkers.wholeMilliseconds
        try await lifeAfterAWhile(renewal: .zero) { (month - 600_000...month).contains($0) }
    }

    @Test func theyDoNotDoSoAtEachExchange() async throws {
        try await lifeAfterAWhile(renewal: .seconds(3600)) { (1...3_600_000).contains($0) }
    }

    /// Waits until both have looked a few times more.
    private func exchanges(_ client: RedisClient) async throws {
        func count() async throws -> Int {
            let statistics = try await client.send(RedisCommand("INFO", "commandstats")).text
            let calls = statistics.firstMatch(of: /cmdstat_hgetall:calls=([0-9]+)/)
            return calls.flatMap { Int($0.output.1) } ?? 0
        }
        let before = try await count()
        try await eventually("both have looked") { try await count() >= before + 12 }
    }

    @Test func whatAnotherWorkerHasToldIsNotToldAgainAsOnesOwnHoweverLateItWasHeard() async throws {
        // As if each answer of the server's had been long on its way.
        let standing: @Sendable () -> Int = { 1000 }
        try await withTwoWorkers(secondsClock: standing, grace: .zero) { first, second, client in
            first.adopt(opened())
            try await eventually("the other one keeps away") { !second.open.isEmpty }
            let told = try await client.send(RedisCommand("HGETALL", SharedBreakers.key)).array.map { try $0.text }
            try await exchanges(client)
            #expect(
                try await client.send(RedisCommand("HGETALL", SharedBreakers.key)).array.map { try $0.text } == told)
            first.close(place)
            try await eventually("messages go through again") { second.open.isEmpty }
        }
    }

    @Test func whatCouldNotBeToldIsToldLaterAndStaysOpenMeanwhile() async throws {
        try await withTwoWorkers { first, second, client in
            // Redis refuses to write.
            _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "1"))
            first.adopt(opened())
            try await exchanges(client)
            #expect(first.open.count == 1 && second.open.isEmpty)
            _ = try await client.send(RedisCommand("CONFIG", "SET", "min-replicas-to-write", "0"))
            try await eventually("the other one keeps away") { second.open.count == 1 }
        }
    }

    @Test func whatTheDeadHaveLeftIsSwept() async throws {
        try await withTwoWorkers { first, _, client in
            _ = try await client.send(RedisCommand("HSET", SharedBreakers.key, "sns", "auth 1000"))
            first.adopt(opened())
            try await eventually("only what is open is left") {
                try await client.send(RedisCommand("HKEYS", SharedBreakers.key)).array.map { try $0.text }
                    == [place.description]
            }
        }
    }
}
