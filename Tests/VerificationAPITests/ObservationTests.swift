import InMemoryLogging
import Logging
import MetricsTestKit
import NIOHTTP1
import SMSVerification
import Testing

@testable import VerificationAPI

@Suite(.timeLimit(.minutes(5)))
struct ObservationTests {
    private static let id = "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10"

    @Test func `Requests are counted by route pattern and status, in few series`() async throws {
        let metrics = TestMetrics()
        try await withAPI(ScriptedFlow(.captchaWrong), metrics: metrics) { api in
            for last in 0..<5 { _ = try await api.get("/sms_codes/1380013800\(last)/?image_code=a") }
            for last in 0..<3 { _ = try await api.get("/nothing/\(last)") }
            _ = try await api.get("/image_codes/\(Self.id)/")
            _ = try await api.get("/sms_codes/1/")
        }
        let label = "api.requests"
        func count(_ route: String, _ status: String) throws -> Int64 {
            try metrics.expectCounter(label, [("route", route), ("status", status)]).totalValue
        }
        #expect(try count("/sms_codes/{mobile}", "200") == 5)
        #expect(try count("/sms_codes/{mobile}", "404") == 1)
        #expect(try count("/image_codes/{id}", "200") == 1)
        #expect(try count("unmatched", "404") == 3)
        #expect(metrics.counters.filter { $0.label == label }.count == 4)
        let outcome = try metrics.expectCounter("api.code.requests", [("outcome", "captcha_wrong")])
        #expect(outcome.totalValue == 5)
        let timer = try metrics.expectTimer(
            "api.request.duration", [("route", "/sms_codes/{mobile}")])
        #expect(timer.values.count == 6)
    }

    @Test func `No log line holds a number, an answer or an id, at any level`() async throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test", factory: { _ in log })
        logger.logLevel = .trace
        for flow in [ScriptedFlow(.sent), ScriptedFlow(failure: .redisIsDown)] {
            try await withAPI(flow, logger: logger) { api in
                _ = try await api.get("/sms_codes/13800138000/?image_code=S3CRET&image_code_id=\(Self.id)")
                _ = try await api.get("/sms_codes/13800138000x/?image_code=S3CRET")
                _ = try await api.get("/unknown/13800138000?image_code=S3CRET")
                _ = try await api.send(.POST, "/sms_codes/13800138000/?image_code=S3CRET")
                _ = try await api.get("/image_codes/\(Self.id)/")
            }
        }
        let lines = log.entries.map { "\($0)" }
        #expect(lines.count(where: { $0.contains("/sms_codes/{mobile}") }) >= 6)
        for line in lines {
            #expect(!line.contains("13800138000"))
            #expect(!line.contains("S3CRET"))
            #expect(!line.contains(Self.id))
        }
    }

    @Test func `An outage is one line an interval, with the number of those left out`() {
        let log = InMemoryLogHandler()
        let logger = Logger(label: "test", factory: { _ in log })
        let unavailability = UnavailabilityLog(interval: .seconds(10))
        let start = ContinuousClock.now
        for second in 0..<25 {
            unavailability.record(.redisIsDown, now: start + .seconds(second), logger: logger)
        }
        #expect(log.entries.map { $0.metadata["not-logged"]?.description } == ["0", "9", "9"])
        #expect(log.entries.allSatisfy { $0.level == .warning && $0.metadata["reason"] == "Connection refused" })
    }
}
