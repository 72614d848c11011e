import RedisClient
import TestSupport
import Testing

@testable import SMSVerification

/// An hour of an attack, and one of honest traffic, each on one prefix, by a clock that the test moves.
@Suite(.timeLimit(.minutes(5))) struct PumpingSimulation {
    @Test func anHourOfPumpingCostsAtMostAHundredMessages() async throws {
        try await LimiterSystem.run { system in
            var sent = 0
            for second in 0..<3600 {
                sent += try await withThrowingTaskGroup(of: Bool.self) { group in
                    for attempt in 0..<10 {
                        // Always another number and another address, and every proof that is wanted.
                        let caller = second * 10 + attempt
                        group.addTask {
                            try await system.charge("\(caller % 10_000)", address: "\(caller)").charge != nil
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                system.now += 1000
            }
            #expect(sent <= 100)
            #expect(sent >= 24, "the window was used")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func honestTrafficIsNeverRefusedOutright(seed: UInt64) async throws {
        try await LimiterSystem.run { system in
            var random = SeededGenerator(seed: seed)
            let start = system.now
            var confirmations: [(at: Int, send: String)] = []
            var askedForMore = 0
            let numbers = (0..<10_000).shuffled(using: &random)
            for number in 0..<1800 {
                let arrival = start + number * 2000 + Int.random(in: 0..<2000, using: &random)
                for confirmation in confirmations.filter({ $0.at <= arrival }).sorted(by: { $0.at < $1.at }) {
                    system.now = confirmation.at
                    #expect(try await system.limiter.confirm(sends: [confirmation.send], prefix: "prefix") == 1)
                }
                confirmations.removeAll { $0.at <= arrival }

                system.now = arrival
                func send(_ proof: ProofLevel) async throws -> SendDecision {
                    try await system.charge(
                        "\(numbers[number])", address: "\(number)", send: "\(number)", proof: proof)
                }
                var decision = try await send(.one)
                if let level = decision.proof {
                    askedForMore += 1
                    decision = try await send(level)
                }
                #expect(decision.charge != nil, "message \(number): \(decision)")
                if Int.random(in: 0..<100, using: &random) < 75 {
                    confirmations.append((arrival + Int.random(in: 8000...60_000, using: &random), "\(number)"))
                }
            }
            #expect(askedForMore < 180, "nine of ten get by with one proof")
        }
    }
}
