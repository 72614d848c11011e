import TestSupport
import Testing

@testable import SMSVerification

/// The script against the plain model: any order of charges, confirmations and refunds has the same outcomes in both.
@Suite(.timeLimit(.minutes(5))) struct LimitModelTests {
    private static func table(budget: Int) -> LimitTable {
        var table = LimitTable()
        table.waits = [.seconds(5), .seconds(20), .seconds(40)]
        table.waitMemory = .seconds(200)
        table.limits = [
            SendLimit("number-minute", of: .number, 3, per: .seconds(120)),
            SendLimit("number-hour", of: .number, 6, per: .seconds(700)),
            SendLimit("address-minute", of: .address, 3, per: .seconds(60)),
            SendLimit("address-hour", of: .address, 12, per: .seconds(600)),
            SendLimit("session-minute", of: .session, 4, per: .seconds(80)),
            SendLimit("session-hour", of: .session, 10, per: .seconds(800)),
            SendLimit("prefix-minute", of: .prefix, 7, per: .seconds(100)),
            SendLimit("prefix-hour", of: .prefix, 20, per: .seconds(1000)),
            SendLimit("country-minute", of: .country, 11, per: .seconds(90)),
            SendLimit("total-minute", of: .total, 14, per: .seconds(77)),
            SendLimit("total-hour", of: .total, 70, per: .seconds(1000)),
        ]
        table.credit.start = 3
        table.credit.ceiling = 6
        table.credit.refusalMultiple = 2
        table.credit.expiry = .seconds(120)
        table.prices = ["86": 3]
        table.otherPrice = 7
        table.budgets = [
            Budget("budget-hour", budget, per: .seconds(900)), Budget("budget-day", 2 * budget, per: .seconds(3000)),
        ]
        return table
    }

    @Test func everyOutcomeIsTheModels() async throws {
        var reached: Set<String> = []
        for (seed, budget) in [(11, 150), (12, 300), (13, 10_000)] as [(UInt64, Int)] {
            reached.formUnion(try await compare(Self.table(budget: budget), seed: seed))
        }
        #expect(reached == Set(Self.table(budget: 0).names + ["proof"]), "every limit was reached")
    }

    /// Takes 3000 steps in both; returns which limits have refused a message.
    private func compare(_ table: LimitTable, seed: UInt64) async throws -> Set<String> {
        var reached: Set<String> = []
        try await LimiterSystem.run(table) { system in
            var random = SeededGenerator(seed: seed)
            var model = LimitModel(table)
            var charges: [(charge: SendCharge, name: String, prefix: String)] = []
            for step in 0..<3000 {
                if Int.random(in: 0..<200, using: &random) == 0 { system.now += 900_000 }
                if Bool.random(using: &random) { system.now += Int.random(in: 0...12_000, using: &random) }
                let what = Int.random(in: 0..<10, using: &random)
                if what < 2, let old = charges.suffix(12).randomElement(using: &random) {
                    let confirmed = try await system.limiter.confirm(sends: [old.name], prefix: old.prefix)
                    try #require(
                        confirmed == (model.confirm(send: old.name, prefix: old.prefix, now: system.now) ? 1 : 0))
                } else if what == 2, let old = charges.suffix(6).randomElement(using: &random) {
                    let refunded = try await system.limiter.refund(old.charge)
                    try #require(refunded == model.refund(send: old.name, prefix: old.prefix, now: system.now))
                } else {
                    let number = Int.random(in: 0..<24, using: &random)
                    let address = Int.random(in: 0..<9, using: &random)
                    let session = Int.random(in: 0..<10, using: &random)
                    let subjects = SendSubjects(
                        number: "\(number)", prefix: "\(number / 5)", country: number < 18 ? "86" : "49",
                        address: address == 0 ? nil : "\(address)", session: session == 0 ? nil : "\(session)")
                    let proof = ProofLevel(rank: Int.random(in: 0...5, using: &random))
                    let decision = try await system.limiter.charge(subjects, send: "\(step)", proof: proof)
                    let expected = model.charge(subjects, send: "\(step)", proof: proof, now: system.now)
                    let outcome = LimitModel.Outcome(decision)
                    try #require(outcome == expected, "step \(step)")
                    switch decision {
                    case .charged(let charge): charges.append((charge, "\(step)", subjects.prefix))
                    case .refused(let refusal): reached.insert(refusal.limit)
                    case .needsProof: reached.insert("proof")
                    }
                }
            }
            #expect(charges.count > 100)
        }
        return reached
    }
}

extension LimitModel.Outcome {
    init(_ decision: SendDecision) {
        switch decision {
        case .charged(let charge):
            self = .charged(resendAfter: charge.resendAfter.milliseconds, alarms: charge.alarms)
        case .needsProof(let level): self = .needsProof(level)
        case .refused(let refusal):
            self = .refused(
                limit: refusal.limit, retryAfter: refusal.retryAfter.milliseconds,
                ownRetryAfter: refusal.ownRetryAfter?.milliseconds ?? 0)
        }
    }
}
