import Logging
import MetricsTestKit
import RedisClient
import SMSVerification
import TestSupport
import Testing

/// What became of messages, in a real broker.
struct DeliverySystem: Sendable {
    let server: RedisServer
    let client: RedisClient
    let metrics: TestMetrics
    let records: DeliveryRecords

    static func run(_ body: (DeliverySystem) async throws -> Void) async throws {
        let server = try await RedisServer.start()
        let client = RedisClient(
            RedisConfiguration(url: try RedisURL(server.url(database: 3))),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let metrics = TestMetrics()
        try await client.whileRunning {
            try await body(
                DeliverySystem(
                    server: server, client: client, metrics: metrics,
                    records: DeliveryRecords(broker: client, metrics: metrics)))
        }
    }

    func attempt(
        _ job: String, _ state: MessageState?, reference: String? = nil, provider: String = "aliyun",
        wasCalled: Bool = true
    ) async throws {
        var attempt = DeliveryAttempt(
            jobID: job, mobile: try #require(MobileNumber(mainland: "13800138000")), provider: provider, state: state)
        attempt.reference = reference
        attempt.duration = .milliseconds(40)
        attempt.wasCalled = wasCalled
        try await records.record(attempt)
    }

    @discardableResult
    func report(
        _ state: MessageState, reference: String? = nil, job: String? = nil, provider: String = "aliyun"
    ) async throws -> DeliveryRecords.ReportOutcome {
        try await records.report(state, by: provider, reference: reference, jobID: job, code: "DELIVRD")
    }

    func end(_ job: String, _ state: MessageState, reason: String) async throws {
        try await records.end(jobID: job, state, reason: reason, providers: ["aliyun", "twilio"])
    }

    func state(_ job: String) async throws -> MessageState? {
        let text = try await client.send(RedisCommand("HGET", "sms:delivery:message:\(job)", "state")).optional?.text
        return text.flatMap { MessageState(rawValue: $0) }
    }

    /// What is counted of a provider, by name; the prefix is that of the number above.
    func counted(_ provider: String = "aliyun") async throws -> [String: Int] {
        let keys = try await client.send(RedisCommand("KEYS", "sms:delivery:day:\(provider):*")).array
        #expect(keys.count <= 1)
        guard let key = keys.first else { return [:] }
        let fields = try await client.send(RedisCommand("HGETALL", try key.text)).array
        var counted: [String: Int] = [:]
        for index in stride(from: 0, to: fields.count, by: 2) {
            let name = try fields[index].text
            #expect(name.hasPrefix("+86138:"))
            counted[name.replacing("+86138:", with: "")] = try fields[index + 1].integer
        }
        return counted
    }
}
