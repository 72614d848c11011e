import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// What a client is told of its message, sealed or not.
@Suite(.timeLimit(.minutes(5))) struct DeliveryStateTests {
    private static let keys = [SecretKey.random(), .random()]

    private func accept(_ job: TaskID, _ system: VerificationSystem) async throws {
        let mobile = try #require(MobileNumber(mainland: "13800138000"))
        try await DeliveryRecords(broker: system.broker).record(
            DeliveryAttempt(
                jobID: job.text, mobile: mobile, provider: "aliyun", state: .accepted))
    }

    @Test(arguments: [StoredSecrets.plain, .sealed(SealingKeys(keys[0]))])
    func itsClientIsToldAndNobodyElse(_ secrets: StoredSecrets) async throws {
        try await VerificationSystem.run(secrets: secrets) { system in
            let started = try await system.start("13800138000")
            #expect(try await system.verification.delivery(of: started.id, client: system.client) == .queued)
            try await accept(try await system.lastJobID(), system)
            #expect(try await system.verification.delivery(of: started.id, client: system.client) == .accepted)
            #expect(try await system.verification.delivery(of: started.id, client: .random()) == nil)
            #expect(try await system.verification.delivery(of: .random(), client: system.client) == nil)
        }
    }

    @Test func afterTheKeyWasChangedItsClientIsToldStill() async throws {
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(Self.keys[0]))) { system in
            let started = try await system.start("13800138000")
            let later = system.with(.sealed(SealingKeys(Self.keys[1], others: [Self.keys[0]])))
            #expect(try await later.verification.delivery(of: started.id, client: system.client) == .queued)
            #expect(try await later.verification.delivery(of: started.id, client: .random()) == nil)
        }
    }

    @Test func askingChangesNothing() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let before = try await system.dump()
            _ = try await system.verification.delivery(of: started.id, client: system.client)
            #expect(try await system.dump() == before)
        }
    }
}
