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

    private func accept(_ send: String, _ system: VerificationSystem) async throws {
        let mobile = try #require(MobileNumber(mainland: "13800138000"))
        try await DeliveryRecords(broker: system.broker).record(
            DeliveryAttempt(jobID: .job(ofSend: send), mobile: mobile, provider: "aliyun", state: .accepted))
    }

    @Test func theRightCodeCountsOnceWithItsTime() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            try await accept(started.id.text, system)
            let code = try #require(try await system.lastJob()?.code)
            #expect(
                try await system.check(started.id, "13800138000", code == "000000" ? "000001" : "000000") != .verified)
            system.clock.advance(by: 20)
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
            try await eventually("it is counted") { try await field("confirmed", system) == "1" }
            #expect(try await field("code_ms", system) == "20000")
        }
    }

    @Test func jobsDoNotTellTheirVerification() {
        let id = VerificationID.random()
        let job = String.job(ofSend: id.text)
        #expect(job == .job(ofSend: id.text))
        #expect(job != .job(ofSend: VerificationID.random().text))
        #expect(job.count == 36 && job.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(!job.replacing("-", with: "").contains(id.text.prefix(8)))
    }

    @Test func theJobOfAVerificationIsNamedSo() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let message = try await system.brokerServer.cli("LINDEX", "celery", "0", database: 3)
            #expect(message.contains(String.job(ofSend: started.id.text)))
            #expect(!message.contains(started.id.text))
        }
    }
}

extension String {
    fileprivate static func job(ofSend name: String) -> String { TaskID.job(ofSend: name).text }
}
