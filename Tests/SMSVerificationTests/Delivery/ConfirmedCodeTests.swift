import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// A code that comes back is credited to the provider that carried it.
@Suite(.timeLimit(.minutes(5))) struct ConfirmedCodeTests {
    private func field(_ name: String, _ system: VerificationSystem) async throws -> String {
        let key = try await system.brokerServer.cli("KEYS", "sms:delivery:day:aliyun:*", database: 3)
        return try await system.brokerServer.cli("HGET", key, "+86138:\(name)", database: 3)
    }

    private func accept(_ job: TaskID, _ system: VerificationSystem) async throws {
        let mobile = try #require(MobileNumber(mainland: "13800138000"))
        try await DeliveryRecords(broker: system.broker).record(
            DeliveryAttempt(jobID: job.text, mobile: mobile, provider: "aliyun", state: .accepted))
    }

    @Test func theRightCodeCountsOnceWithItsTime() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            try await accept(try await system.lastJobID(), system)
            let code = try #require(try await system.lastJob()?.code)
            #expect(
                try await system.check(started.id, "13800138000", code == "000000" ? "000001" : "000000") != .verified)
            system.clock.advance(by: 20)
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
            try await eventually("it is counted") { try await field("confirmed", system) == "1" }
            #expect(try await field("code_ms", system) == "20000")
        }
    }

    @Test func theJobHasTheRequestsIDAndDoesNotTellItsVerification() async throws {
        try await VerificationSystem.run { system in
            let request = TaskID.random()
            let started = try await RequestID.$current.withValue(request) { try await system.start("13800138000") }
            #expect(try await system.lastJobID() == request)
            let message = try await system.brokerServer.cli("LINDEX", "celery", "0", database: 3)
            #expect(!message.contains(started.id.text))
        }
    }
}
