import Logging
import MetricsTestKit
import RedisClient
import SMSProviders
import TestSupport
import Testing

@testable import DeliveryWorker

/// A provider's limits in a real Redis.
@Suite(.timeLimit(.minutes(2))) struct ProviderLimitsTests {
    @Test func aMessagesWaitIsCountedOnceHoweverOftenItAsks() async throws {
        let server = try await RedisServer.start()
        let client = RedisClient(
            RedisConfiguration(url: try RedisURL(server.url(database: 3))),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let metrics = TestMetrics()
        var policy = SendingPolicy()
        var share = SendingPolicy.Share()
        share.rate = CallRate("1/h")
        policy.shares = [.twilio: share]
        try await client.whileRunning {
            let limits = try #require(ProviderLimits(policy, worker: "w", client: client, metrics: metrics))
            var message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")
            #expect(await limits.enter("twilio", for: message) == nil)
            #expect(await limits.enter("twilio", for: message) != nil)
            message.hasWaited = true
            for _ in 0..<3 { #expect(await limits.enter("twilio", for: message) != nil) }
            let waits = try metrics.expectCounter("sms.limit_waits", [("provider", "twilio"), ("limit", "rate")])
            #expect(waits.totalValue == 1)
        }
    }
}
