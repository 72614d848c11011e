import RedisClient
import SMSVerification
import TestSupport
import Testing

/// `sms-queue deliveries`, of what the worker and sms-api have written down.
@Suite(.timeLimit(.minutes(5))) struct DeliveriesCommandTests {
    private struct Rates: Decodable, Equatable {
        var provider: String
        var prefix: String?
        var tried: Int
        var accepted: Int
        var delivered: Int
        var failed: Int
        var acceptRate: Double?
        var deliveryRate: Double?
        var secondsToAccept: Double?
    }

    private func attempt(
        _ job: String, _ mobile: String, _ provider: String, _ state: MessageState?, _ system: ToolSystem
    ) async throws {
        var attempt = DeliveryAttempt(
            jobID: job, mobile: try #require(MobileNumber(mainland: mobile)), provider: provider, state: state)
        attempt.reference = state == .accepted ? "biz-\(job)" : nil
        attempt.duration = .milliseconds(40)
        try await DeliveryRecords(broker: system.client).record(attempt)
    }

    /// Four calls of one provider, of which three were accepted, and one of another.
    private func send(_ system: ToolSystem) async throws {
        for job in ["a", "b"] { try await attempt(job, "13800138000", "aliyun", .accepted, system) }
        try await attempt("c", "13900138000", "aliyun", .accepted, system)
        try await attempt("d", "13800138001", "aliyun", .unknown, system)
        try await attempt("e", "13800138000", "twilio", nil, system)
        let records = DeliveryRecords(broker: system.client)
        try await records.report(.delivered, by: "aliyun", reference: "biz-a", jobID: nil, code: nil)
        try await records.report(.failed, by: "aliyun", reference: "biz-c", jobID: nil, code: "UNDELIV")
    }

    @Test func tellsHowGoodEachProviderIsByPrefix() async throws {
        try await ToolSystem.run { system in
            try await send(system)
            let rates = try await system.json([Rates].self, "deliveries")
            #expect(rates.map(\.provider) == ["aliyun", "aliyun", "aliyun", "twilio", "twilio"])
            #expect(rates.map(\.prefix) == [nil, "+86138", "+86139", nil, "+86138"])
            #expect(
                rates.first
                    == Rates(
                        provider: "aliyun", prefix: nil, tried: 4, accepted: 3, delivered: 1, failed: 1,
                        acceptRate: 0.75, deliveryRate: 1.0 / 3, secondsToAccept: 0.04))
            #expect(rates.last?.acceptRate == 0 && rates.last?.deliveryRate == nil)
            let table = try await system.output("deliveries")
            let lines = table.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
            #expect(lines.count == 6)
            #expect(lines[1].prefix(5).joined(separator: " ") == "aliyun all 4 3 (75.0")
            #expect(table.contains("40 ms"))
            #expect(!table.contains("0013"), "no number")
        }
    }

    @Test func showsAnotherDayAndSoManyPrefixes() async throws {
        try await ToolSystem.run { system in
            try await send(system)
            let none = try await system.output("deliveries", "--day", "2026-01-02")
            #expect(none.contains("nothing was sent on 2026-01-02"))
            let two = try await system.json([Rates].self, "deliveries", "--limit", "1")
            #expect(two.map(\.prefix) == [nil, "+86138", nil, "+86138"])
            #expect(try await system.output("deliveries", "--limit", "1").contains("1 prefixes more"))
            let key = try await system.redis.cli("KEYS", "sms:delivery:day:twilio:*", database: 3)
            try await system.redis.cli("RENAME", key, "sms:delivery:day:twilio:2026-01-02", database: 3)
            #expect(try await system.json([Rates].self, "deliveries", "--day", "2026-01-02").map(\.tried) == [1, 1])
            let wrong = try await system.tool("deliveries", "--day", "yesterday")
            #expect(wrong.status == .code(64))
            #expect(wrong.errorOutput.contains("expected a date such as 2026-11-24"))
        }
    }
}
