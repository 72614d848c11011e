import MetricsTestKit
import RedisClient
import TestSupport
import Testing

@testable import SMSVerification

/// What the limiter lets through, and what it leaves behind.
@Suite(.timeLimit(.minutes(5))) struct SendLimiterTests {
    @Test func theWaitOfANumberGrowsAndEndsToTheMillisecond() async throws {
        var table = LimitTable.only()
        table.waits = [.seconds(60), .seconds(120), .seconds(300)]
        table.waitMemory = .seconds(3600)
        try await LimiterSystem.run(table) { system in
            for wait in [60_000, 120_000, 300_000, 300_000] {
                #expect(try await system.charge().charge?.resendAfter == .milliseconds(wait))
                system.now += wait - 1
                let refusal = try await system.charge().refusal
                #expect(refusal?.limit == "number-wait")
                #expect(refusal?.retryAfter == .milliseconds(1))
                #expect(refusal?.ownRetryAfter == nil, "it tells nothing of the caller's own address")
                #expect(try await system.charge("another number").charge != nil)
                system.now += 1
            }
            system.now += 3_600_000
            #expect(try await system.charge().charge?.resendAfter == .milliseconds(60_000), "the run is forgotten")
        }
    }

    @Test(arguments: SendLimit.Scope.allCases)
    func aLimitHoldsFromItsCountToItsPeriod(scope: SendLimit.Scope) async throws {
        try await LimiterSystem.run(.only(SendLimit("the-limit", of: scope, 3, per: .seconds(60)))) { system in
            func charge(_ subject: String) async throws -> SendDecision {
                try await system.charge(
                    scope == .number ? subject : "\(UInt64.random(in: 0 ... .max))",
                    prefix: scope == .prefix ? subject : "\(UInt64.random(in: 0 ... .max))",
                    country: scope == .country ? subject : "86", address: scope == .address ? subject : "address",
                    session: scope == .session ? subject : "session")
            }
            for _ in 1...3 {
                #expect(try await charge("86").charge != nil)
                system.now += 5000
            }
            // Exact limits let the next one go 60 s after the first. Estimates let one go at 80 s, when two thirds of the
            // three before count still, and another when one third does.
            let isOwn = scope == .address || scope == .session
            let isExact = scope == .number || isOwn
            let wait = isExact ? 45 : 65
            let refusal = try await charge("86").refusal
            #expect(refusal?.limit == "the-limit")
            #expect(refusal?.retryAfter == .seconds(wait))
            #expect(refusal?.ownRetryAfter == (isOwn ? .seconds(wait) : nil))
            if scope != .total { #expect(try await charge("49").charge != nil) }
            system.now += wait * 1000 - 1
            #expect(try await charge("86").refusal?.retryAfter == .milliseconds(1))
            system.now += 1
            #expect(try await charge("86").charge != nil)
            #expect(try await charge("86").refusal?.retryAfter == .seconds(isExact ? 5 : 20))
        }
    }

    @Test func aRefusalByOneLimitIsChargedToNone() async throws {
        let table = LimitTable.only(
            SendLimit("number-hour", of: .number, 1, per: .seconds(3600)),
            SendLimit("address-hour", of: .address, 2, per: .seconds(3600)),
            SendLimit("total-hour", of: .total, 3, per: .seconds(3600)))
        try await LimiterSystem.run(table) { system in
            _ = try await system.charge("one", address: "a")
            let contents = try await system.contents()
            for _ in 1...5 {
                #expect(try await system.charge("one", address: "b").refusal?.limit == "number-hour")
            }
            #expect(try await system.contents() == contents)
        }
    }

    @Test func anotherTableKeepsWhatWasCounted() async throws {
        var table = LimitTable.only(SendLimit("total-hour", of: .total, 2, per: .seconds(3600)))
        table.budgets = [Budget("budget-hour", 1_000_000, per: .seconds(3600))]
        try await LimiterSystem.run(table) { [table] system in
            _ = try await system.charge("one")
            _ = try await system.charge("two")
            func refusal(by table: LimitTable) async throws -> SendRefusal? {
                let (rules, now) = (LimitRules(table), system.now)
                let limiter = SendLimiter(
                    store: system.client, logger: .quietForTests, clock: { now }, rules: { rules })
                let subjects = SendSubjects(number: "n", prefix: "p", country: "86", address: nil)
                return try await limiter.charge(subjects, send: "s", proof: .one).refusal
            }
            var other = table
            other.limits.insert(SendLimit("total-minute", of: .total, 10, per: .seconds(60)), at: 0)
            #expect(try await refusal(by: other)?.limit == "total-hour")
            other.limits = []
            other.budgets = [
                Budget("budget-minute", 1_000_000, per: .seconds(60)), Budget("budget-hour", 9000, per: .seconds(3600)),
            ]
            #expect(try await refusal(by: other)?.limit == "budget-hour")
        }
    }

    @Test func theLimitThatLastsLongestIsTheReason() async throws {
        let table = LimitTable.only(
            SendLimit("address-hour", of: .address, 1, per: .seconds(3600)),
            SendLimit("address-day", of: .address, 1, per: .seconds(86_400)))
        try await LimiterSystem.run(table) { system in
            _ = try await system.charge(address: "a")
            let refusal = try #require(try await system.charge(address: "a").refusal)
            #expect(refusal.limit == "address-day")
            #expect(refusal.retryAfter == .seconds(86_400))
        }
    }

    @Test func whoHasNeitherAddressNorSessionIsHeldToTheOtherLimitsAlone() async throws {
        let table = LimitTable.only(
            SendLimit("address-hour", of: .address, 1, per: .seconds(3600)),
            SendLimit("session-hour", of: .session, 1, per: .seconds(3600)),
            SendLimit("total-hour", of: .total, 4, per: .seconds(3600)))
        try await LimiterSystem.run(table) { system in
            for _ in 1...2 { _ = try #require(try await system.charge().charge) }
            #expect(try await system.charge(address: "a", session: "s").charge != nil)
            #expect(try await system.charge(address: "b", session: "s").refusal?.limit == "session-hour")
            #expect(try await system.charge(address: "a", session: "t").refusal?.limit == "address-hour")
            #expect(try await system.charge(address: "b", session: "t").charge != nil)
            #expect(try await system.charge().refusal?.limit == "total-hour")
        }
    }

    @Test func whatBecameOfANumberIsLookedAtLast() async throws {
        let table = LimitTable.only(
            SendLimit("number-day", of: .number, 1, per: .seconds(86_400)),
            SendLimit("address-hour", of: .address, 1, per: .seconds(3600)))
        try await LimiterSystem.run(table) { system in
            _ = try await system.charge(address: "a")
            let refusal = try #require(try await system.charge(address: "a").refusal)
            #expect(refusal.limit == "address-hour")
            #expect(refusal.ownRetryAfter == .seconds(3600), "what the caller may be told is its own doing alone")
            let other = try #require(try await system.charge(address: "b").refusal)
            #expect(other.limit == "number-day" && other.ownRetryAfter == nil)
        }
    }

    @Test func ofFiveHundredAtOnceForOneNumberOneIsCharged() async throws {
        try await LimiterSystem.run { system in
            let decisions = try await withThrowingTaskGroup(of: SendDecision.self) { group in
                for caller in 0..<500 {
                    group.addTask { try await system.charge(address: "address \(caller)", proof: .one) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(decisions.count { $0.charge != nil } == 1)
            #expect(decisions.count { $0.refusal?.limit == "number-wait" } == 499)
        }
    }

    @Test func aRefundRestoresWhatWasThere() async throws {
        try await LimiterSystem.run { system in
            let empty = try await system.contents()
            let first = try #require(try await system.charge(address: "a", session: "s").charge)
            #expect(try await system.limiter.refund(first))
            #expect(try await system.contents() == empty)

            _ = try await system.charge("kept", address: "a", session: "s")
            let before = try await system.contents()
            system.now += 1000
            let charge = try #require(try await system.charge(address: "a", session: "s").charge)
            #expect(try await system.contents() != before)
            #expect(try await system.limiter.refund(charge))
            #expect(try await system.contents() == before)
            #expect(try await system.limiter.refund(charge) == false, "once")
            #expect(try await system.contents() == before)
        }
    }

    @Test func neitherAConfirmedNorAnExpiredSendIsTakenBack() async throws {
        try await LimiterSystem.run { system in
            let confirmed = try #require(try await system.charge(send: "confirmed").charge)
            #expect(try await system.limiter.confirm(sends: ["confirmed"], prefix: "prefix") == 1)
            #expect(try await system.limiter.refund(confirmed) == false)
            let expired = try #require(try await system.charge("another").charge)
            system.now += 360_000
            _ = try await system.charge("a third")
            #expect(try await system.limiter.refund(expired) == false)
        }
    }

    @Test func aServerWithoutMemoryHasChargedNothing() async throws {
        try await LimiterSystem.run { system in
            _ = try await system.client.send(RedisCommand("CONFIG", "SET", "maxmemory", 1))
            await #expect(throws: RedisError.self) { try await system.charge(address: "a") }
            _ = try await system.client.send(RedisCommand("CONFIG", "SET", "maxmemory", 0))
            #expect(try await system.contents() == [:])
        }
    }

    @Test func aScriptOfMorePurposesChargesAmongItsOwnSteps() async throws {
        let script = RedisScript(
            name: "both",
            source: LimitScripts.beginning(LimitTable())
                + Array(
                    """
                    local sending = load_sending(2, 3)
                    local refusal = decide(sending, tonumber(ARGV[1]))
                    if refusal then return refusal end
                    redis.call('SET', KEYS[1], ARGV[2], 'PX', 60000)
                    return charge(sending)
                    """.utf8))
        try await LimiterSystem.run { system in
            func run(_ value: String) async throws -> SendDecision {
                let subjects = SendSubjects(number: "n", prefix: "p", country: "86", address: "a")
                let block = system.limiter.block(subjects, send: value)
                let reply = try await system.client.run(
                    script, keys: ["own"] + block.keys, arguments: [1, value] + block.arguments)
                return try system.limiter.observed(reply, of: block)
            }
            let charge = try #require(try await run("first").charge)
            #expect(try await run("second").refusal?.limit == "number-wait")
            #expect(try await system.client.send(RedisCommand("GET", "own")).text == "first")
            #expect(try await system.limiter.refund(charge))
            #expect(!"\(charge)".contains("\"n\""), "nobody is named")
        }
    }

    @Test func everyKeyIsTheProductsOwnAndEndsByItself() async throws {
        try await LimiterSystem.run { system in
            _ = try await system.charge(address: "a", session: "s", send: "one")
            _ = try await system.limiter.confirm(sends: ["one"], prefix: "prefix")
            _ = try await system.charge("other", address: "a", session: "s")
            let keys = try await system.contents().keys
            #expect(keys.count == 7)
            for key in keys {
                #expect(key.hasPrefix("sms:"))
                #expect(try await system.client.send(RedisCommand("PTTL", key)).integer > 0, "\(key)")
            }
        }
    }

    @Test func withoutAClockTheServersCounts() async throws {
        try await LimiterSystem.run { system in
            let rules = LimitRules()
            let limiter = SendLimiter(store: system.client, logger: .quietForTests, rules: { rules })
            let subjects = SendSubjects(number: "n", prefix: "p", country: "86", address: nil)
            let charge = try #require(try await limiter.charge(subjects, send: "s", proof: .one).charge)
            let time = try await system.client.send(RedisCommand("TIME")).array
            #expect(abs(try time[0].integer * 1000 - charge.moment) < 60_000)
            #expect(try await limiter.confirm(sends: ["s"], prefix: "p") == 1)
        }
    }

    // MARK: - Budget

    @Test func aBudgetsAlarmRingsOnceInItsPeriodAndItsCeilingHolds() async throws {
        var table = LimitTable.only()
        table.prices = ["86": 10]
        table.otherPrice = 35
        table.budgets = [Budget("budget-hour", 100, per: .seconds(3600))]
        try await LimiterSystem.run(table) { system in
            var alarms: [Int] = []
            var charges: [SendCharge] = []
            for number in 1...10 {
                let charge = try #require(try await system.charge().charge)
                if charge.alarms == ["budget-hour"] { alarms.append(number) }
                charges.append(charge)
            }
            #expect(alarms == [8])
            system.now += 1_800_000
            let refusal = try #require(try await system.charge().refusal)
            #expect(refusal.limit == "budget-hour")
            #expect(refusal.retryAfter == .seconds(1800))
            #expect(try await system.limiter.budgets() == [BudgetUse(budget: table.budgets[0], spent: 100)])
            #expect(try system.metrics.expectCounter("budget.alarm", [("budget", "budget-hour")]).totalValue == 1)
            #expect(try system.metrics.expectCounter("limits.refused", [("limit", "budget-hour")]).totalValue == 1)

            system.now += 1_800_000
            #expect(try await system.limiter.budgets().map(\.spent) == [0], "another hour")
            #expect(try await system.charge(country: "49").charge?.alarms == [])
            #expect(try await system.charge(country: "49").charge?.alarms == [])
            #expect(try await system.limiter.budgets().map(\.spent) == [70])
            #expect(try await system.charge(country: "49").refusal?.limit == "budget-hour", "105 of 100")
            let eighty = try #require(try await system.charge().charge)
            #expect(eighty.alarms == ["budget-hour"])
            #expect(try await system.limiter.refund(eighty))
            #expect(try await system.charge().charge?.alarms == [], "it has rung in this hour")
            #expect(try await system.limiter.refund(charges[0]) == false)
        }
    }

    @Test func howMuchIsInUseIsTold() async throws {
        var table = LimitTable.only(
            SendLimit("country-hour", of: .country, 50, per: .seconds(3600)),
            SendLimit("total-hour", of: .total, 100, per: .seconds(3600)),
            SendLimit("total-day", of: .total, 100, per: .seconds(86_400)))
        table.credit = CreditWindow()
        try await LimiterSystem.run(table) { system in
            for number in 0..<30 { _ = try await system.charge(prefix: "wide\(number)") }
            for _ in 0..<8 { _ = try await system.charge(prefix: "full", country: "49") }
            for _ in 0..<24 { _ = try await system.charge(prefix: "refused", country: "49") }
            func uses() async throws -> [String] {
                try await system.limiter.limitUses().map { "\($0.limit.name) \($0.country ?? "all") \($0.count)" }
            }
            #expect(
                try await uses() == [
                    "total-hour all 62", "total-day all 62", "country-hour 49 32", "country-hour 86 30",
                ])
            let before = try await system.contents()
            let prefixes = try await system.limiter.creditPrefixes()
            #expect(Set(prefixes) == Set((0..<30).map { "wide\($0)" } + ["full", "refused"]))
            #expect(
                try await system.limiter.creditUnderPressure(of: prefixes + ["unknown"]) == [
                    CreditUse(prefix: "refused", unresolved: 24, window: 8, refusal: 24),
                    CreditUse(prefix: "full", unresolved: 8, window: 8, refusal: 24),
                ])
            #expect(try await system.contents() == before, "it only looks")

            // Half of an hour later half of what there was is within the hour before.
            system.now += 3600_000 + 1_800_000
            #expect(
                try await uses() == [
                    "total-hour all 31", "total-day all 62", "country-hour 49 16", "country-hour 86 15",
                ])
            #expect(try await system.limiter.creditUnderPressure(of: prefixes) == [], "all of it has expired")
        }
    }

    // MARK: - Credit

    @Test func beyondTheCreditWindowMoreProofIsWantedThenNothingGoes() async throws {
        try await LimiterSystem.run { system in
            func wanted() async throws -> ProofLevel? {
                try await system.charge("\(UInt64.random(in: 0 ... .max))", proof: .none).proof
            }
            var levels: [ProofLevel?] = []
            for number in 0..<24 {
                levels.append(try await wanted())
                let level = try #require(levels.last ?? nil)
                let decision = try await system.charge("\(number)", proof: level)
                #expect(decision.charge != nil)
                system.now += 1000
            }
            let expected: [ProofLevel] =
                Array(repeating: .one, count: 8)
                + CreditWindow.pressures.flatMap { Array(repeating: .both(pressure: $0), count: 4) }
            #expect(levels == expected)
            let refusal = try #require(try await system.charge("new").refusal)
            #expect(refusal.limit == "credit")
            #expect(refusal.retryAfter == .seconds(360 - 24), "until the first one expires")
            #expect(try await system.charge("new", prefix: "other", proof: .one).charge != nil)
            #expect(try system.metrics.expectCounter("limits.proofs").totalValue == 24)
        }
    }

    @Test func aConfirmationWidensTheWindowAndAnExpiryNarrowsIt() async throws {
        try await LimiterSystem.run { system in
            func window() async throws -> Int? {
                // The first value of the key's MessagePack, which is one byte for so small a number.
                try await system.client.send(RedisCommand("GET", "sms:credit:prefix")).bytes.first.map { Int($0) }
            }
            for number in 0..<6 { _ = try await system.charge("\(number)", send: "\(number)") }
            #expect(try await system.limiter.confirm(sends: ["0", "1"], prefix: "prefix") == 2, "one code, sent twice")
            #expect(try await window() == 9)
            #expect(try await system.limiter.confirm(sends: ["0", "1"], prefix: "prefix") == 0)
            #expect(try await window() == 9, "it counts once")
            system.now += 359_999
            _ = try await system.charge("6")
            #expect(try await window() == 9)
            system.now += 1
            _ = try await system.charge("7")
            #expect(try await window() == 5, "four have expired")
            #expect(try await system.limiter.confirm(sends: ["2"], prefix: "prefix") == 0, "too late")
            system.now += 360_000
            _ = try await system.charge("8")
            #expect(try await window() == 3)
            for number in 9..<20 { _ = try await system.charge("\(number)") }
            system.now += 360_000
            _ = try await system.charge("20")
            #expect(try await window() == 2, "the floor")
        }
    }
}
