import Crypto
import Foundation
import Logging
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

@Suite(.timeLimit(.minutes(5))) struct ProofOfWorkTests {
    /// The bytes 0 to 31.
    private let key = SecretKey(Array(0..<32))
    /// Made by a program of its own from the description of ``ProofOfWorkChallenge``, for purpose `sms`, client `cookie`.
    private let vector =
        "pow1.sha256x16.18.8PHy8_T19vf4-fr7_P3-_w.1800000000.1800000180."
        + "fPMQLt-u8RqUEVmhI6TvhZkuFOXz2i18CTFnt75NTno.AEs6tgRhvpCE4BzxLbjFSkbZsAuJupCfBjpeghDjB2c"
    /// What the page's solver, `proof-of-work.js`, found for it.
    private let found = "AAAyOAAAIqgAALHyAADhIAAAXhMAAAnNAAAOSwAALGYAABDNAACIaQAAA0sAAOOsAAAtsQAAFNsAACtGAAAx5A"
    private let issued = WireTime(microseconds: 1_800_000_000_000_000)

    /// Work that a test can do itself.
    private func easy(_ lifetime: Duration = .seconds(180)) throws -> ProofOfWork {
        var policy = ProofOfWorkPolicy()
        policy.baseBits = 8
        policy.lifetime = lifetime
        return ProofOfWork(policy, key: try #require(key))
    }

    private func checkVector(
        _ challenge: String? = nil, _ solution: String? = nil, purpose: String = "sms", client: String? = "cookie",
        after: Duration = .seconds(5)
    ) throws -> ProofOfWorkSpend {
        try easy().check(
            challenge: challenge ?? vector, solution: solution ?? found, purpose: purpose, client: client,
            at: issued.adding(after))
    }

    @Test func acceptsWhatThePagesSolverFound() throws {
        let spend = try checkVector()
        #expect(spend.key == "sms:work:8PHy8_T19vf4-fr7_P3-_w")
        #expect(spend.lifetime == .seconds(235), "what is left, and a minute for clocks that are late")
        #expect(spend.bits == 18)
        #expect(spend.age == .seconds(5))
    }

    /// The solver that the documentation shows for clients of one's own.
    @Test func acceptsWhatTheDocumentedSolverFinds() async throws {
        let article = "\(TestPython.packageFolder)/Sources/SMSVerification/SMSVerification.docc/ProofOfWork.md"
        let blocks = try String(contentsOfFile: article, encoding: .utf8).split(separator: "```")
        let solver = try #require(blocks.first { $0.hasPrefix("python\n") }).dropFirst("python\n".count)
        let solved = try await Program.run("python3", ["-c", String(solver), vector])
        #expect(solved.output == "\(found)\n", "\(solved.errorOutput)")
        #expect(try checkVector(nil, solved.output.split(separator: "\n").first.map { String($0) }).bits == 18)
    }

    @Test func makesTheChallengeThatIsDescribed() throws {
        let challenge = ProofOfWorkChallenge(
            bits: 18, id: "8PHy8_T19vf4-fr7_P3-_w", issued: 1_800_000_000, expires: 1_800_000_180,
            binding: "fPMQLt-u8RqUEVmhI6TvhZkuFOXz2i18CTFnt75NTno", key: try #require(key))
        #expect(challenge.text == vector)
    }

    @Test func anyChangeOfAChallengeIsRefused() throws {
        let bytes = Array(vector.utf8)
        for place in bytes.indices {
            var changed = bytes
            // The neighbour in the alphabet: often the smallest change that base64url can carry.
            changed[place] ^= 1
            #expect(throws: ProofOfWorkRefusal.notOurs, "character \(place)") {
                try checkVector(String(decoding: changed, as: UTF8.self))
            }
        }
        let others = [
            "", ".", "........", String(vector.dropLast()), vector + "=", vector + "\n", " " + vector, vector + ".",
            vector.replacing(".18.", with: ".08."), vector.replacing(".18.", with: ".018."),
            vector.replacing("pow1", with: "POW1"), String(repeating: "a", count: 1_000_000),
        ]
        for other in others {
            #expect(throws: ProofOfWorkRefusal.notOurs) { try checkVector(other) }
        }
    }

    @Test func aSolutionHasOneForm() throws {
        let malformed = [
            "", found + "=", found + "==", found + "A", String(found.dropLast()), found + "\n", found + found,
            found.replacing("-", with: "+"), String(found.dropLast()) + "B", String(repeating: "A", count: 85) + "é",
            String(repeating: "/", count: 86),
        ]
        for solution in malformed where solution != found {
            #expect(throws: ProofOfWorkRefusal.malformedSolution, "\(solution)") { try checkVector(nil, solution) }
        }
    }

    @Test func eachPuzzleMustBeSolved() throws {
        let counters = try #require(ProofOfWorkPuzzles.counters(found))
        for puzzle in counters.indices {
            var wrong = counters
            wrong[puzzle] += 1
            #expect(throws: ProofOfWorkRefusal.unsolved, "puzzle \(puzzle)") { try checkVector(nil, text(wrong)) }
        }
        #expect(throws: ProofOfWorkRefusal.unsolved) { try checkVector(nil, text(counters.reversed())) }
        #expect(throws: ProofOfWorkRefusal.unsolved) { try checkVector(nil, String(repeating: "A", count: 86)) }
    }

    @Test func workForOneChallengeIsNoneForAnother() throws {
        var policy = ProofOfWorkPolicy()
        policy.baseBits = 18
        let work = ProofOfWork(policy, key: try #require(key))
        let other = work.challenge(purpose: "sms", client: "cookie", at: issued).text
        #expect(throws: ProofOfWorkRefusal.unsolved) { try checkVector(other) }
    }

    @Test func isGoodUntilItExpires() throws {
        _ = try checkVector(after: .seconds(180) - .microseconds(1))
        for late in [Duration.seconds(180), .seconds(181), .seconds(100_000_000)] {
            #expect(throws: ProofOfWorkRefusal.expired) { try checkVector(after: late) }
        }
    }

    @Test(arguments: [
        ("sms", nil), ("sms", ""), ("sms", "cookies"), ("SMS", "cookie"), ("", "cookie"), ("sms 6:cookie", nil),
    ])
    func isGoodForItsPurposeAndClientAlone(purpose: String, client: String?) throws {
        #expect(throws: ProofOfWorkRefusal.madeForAnother) { try checkVector(purpose: purpose, client: client) }
    }

    @Test func withoutAClientWhoeverHasItMaySpendIt() throws {
        let work = try easy()
        let challenge = work.challenge(purpose: "sms")
        let solution = try solve(challenge)
        _ = try work.check(challenge: challenge.text, solution: solution, purpose: "sms")
        #expect(throws: ProofOfWorkRefusal.madeForAnother) {
            try work.check(challenge: challenge.text, solution: solution, purpose: "sms", client: "cookie")
        }
    }

    @Test func theExpiryIsTheFirstToBeSaidAndTheWorkTheLast() throws {
        #expect(throws: ProofOfWorkRefusal.notOurs) { try checkVector("x", "x", purpose: "x", after: .seconds(999)) }
        #expect(throws: ProofOfWorkRefusal.expired) { try checkVector(nil, "x", purpose: "x", after: .seconds(999)) }
        #expect(throws: ProofOfWorkRefusal.madeForAnother) { try checkVector(nil, "x", purpose: "x") }
    }

    @Test func thePreviousKeysChallengesAreGoodWhileItIsConfigured() throws {
        let old = try easy()
        let challenge = old.challenge(purpose: "sms", client: "cookie")
        let solution = try solve(challenge)
        let rotated = ProofOfWork(key: .random(), previousKey: key)
        _ = try rotated.check(challenge: challenge.text, solution: solution, purpose: "sms", client: "cookie")
        #expect(throws: ProofOfWorkRefusal.notOurs) {
            try ProofOfWork(key: .random()).check(
                challenge: challenge.text, solution: solution, purpose: "sms", client: "cookie")
        }
    }

    @Test func pressureRaisesTheWorkUpToItsMaximum() throws {
        var policy = ProofOfWorkPolicy()
        #expect([-1, 0, 1, 2, 3, 4, 5, .max].map(policy.bits) == [18, 18, 20, 22, 24, 26, 28, 28])
        #expect([18, 19, 20, 25, 26].map(policy.pressure) == [0, 0, 1, 3, 4])
        #expect(policy.pressure(ofBits: 28) >= 5, "the most that there is is enough for whatever pressure")
        policy.maximumBits = 99
        #expect(policy.bits(atPressure: .max) == 28)
        policy.baseBits = 0
        #expect(policy.bits(atPressure: 0) == 8)
        let challenge = ProofOfWork(key: try #require(key)).challenge(purpose: "sms", pressure: 2, at: issued)
        #expect(challenge.bits == 22)
        #expect(challenge.text.hasPrefix("pow1.sha256x16.22.\(challenge.id).1800000000.1800000120."))
    }

    @Test func noTwoChallengesAreAlike() throws {
        let work = try easy()
        let ids = Set((0..<1000).map { _ in work.challenge(purpose: "sms", at: issued).id })
        #expect(ids.count == 1000)
    }

    @Test func of500WhoSpendOneSolutionAtTheSameMomentOneDoes() async throws {
        let server = try await RedisServer.start()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let work = try easy()
        let challenge = work.challenge(purpose: "sms")
        let solution = try solve(challenge)
        let client = RedisClient(RedisConfiguration(url: try RedisURL(server.url())), logger: logger)
        try await client.whileRunning {
            let successes = try await withThrowingTaskGroup(of: Bool.self, returning: Int.self) { group in
                for _ in 1...500 {
                    group.addTask {
                        try await work.check(challenge: challenge.text, solution: solution, purpose: "sms")
                            .spend(in: client)
                    }
                }
                return try await group.reduce(0) { $1 ? $0 + 1 : $0 }
            }
            #expect(successes == 1)
            #expect(try await server.cli("KEYS", "*") == "sms:work:\(challenge.id)")
            let life = try #require(Int(try await server.cli("TTL", "sms:work:\(challenge.id)")))
            #expect((181...240).contains(life), "it outlives the challenge on every clock")
        }
    }

    @Test func whenTheStoreIsAwayNothingIsSpent() async throws {
        let server = try await RedisServer.start()
        var configuration = RedisConfiguration(url: try RedisURL(server.url()))
        configuration.whileDisconnected = .fail
        let client = RedisClient(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await client.whileRunning {
            server.kill()
            let spend = try checkVector()
            await #expect(throws: RedisError.self) { try await spend.spend(in: client) }
        }
    }

    /// The first counters that solve a challenge, found without the code under test.
    private func solve(_ challenge: ProofOfWorkChallenge) throws -> String {
        let seed = Array(SHA256.hash(data: Array(challenge.text.utf8)))
        let counters = try (UInt8(0)..<16).map { puzzle in
            try #require(
                (UInt32(0)...1 << 20).first { counter in
                    let input = seed + [0, 0, 0, puzzle] + bytes(counter)
                    let hash = Array(SHA256.hash(data: input))
                    let word = UInt32(hash[0]) << 24 | UInt32(hash[1]) << 16 | UInt32(hash[2]) << 8 | UInt32(hash[3])
                    return word >> (32 - (challenge.bits - 4)) == 0
                })
        }
        return text(counters)
    }

    private func text(_ counters: [UInt32]) -> String { Base64URL.encode(counters.flatMap(bytes)) }

    private func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
