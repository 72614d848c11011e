import SMSProviders
import SandboxGateway
import TestSupport
import Testing

@testable import DeliveryWorker

/// Each provider's client in the whole worker, against the sandbox, which checks signatures by code of its own.
@Suite(.timeLimit(.minutes(5))) struct ProviderTests {
    static func account(_ name: ProviderName, at address: String) -> ProviderAccount {
        SandboxAccount.demo.account(name, at: address)
    }

    @Test(arguments: ProviderName.allCases) func sendsACode(through name: ProviderName) async throws {
        try await DeliverySystem.run {
            [Self.account(name, at: $0)]
        } _: { system in
            try await system.enqueue("13800138000", "012345")
            try await eventually("the job is settled") { try await system.statistic("succeeded") == 1 }
            let messages = system.sandbox.inbox.messages()
            #expect(messages.map(\.gateway) == [name.rawValue])
            #expect(messages.map(\.code) == ["012345"])
            #expect(messages[0].mobile.hasSuffix("13800138000"))
        }
    }

    /// Nothing listens there.
    private static let nowhere = "http://127.0.0.1:9"

    @Test func aProviderThatIsDownIsPassedOver() async throws {
        try await DeliverySystem.run {
            [Self.account(.yuntongxun, at: Self.nowhere), Self.account(.twilio, at: $0)]
        } _: { system in
            for number in 0..<20 { try await system.enqueue("138001380\(10 + number)", "012345") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 20 }
            #expect(Set(system.sandbox.inbox.messages().map(\.gateway)) == ["twilio"])
            #expect(Set(system.sandbox.inbox.messages().map(\.mobile)).count == 20)
            #expect(try await system.statistic("retried") == 0)
            #expect(system.service.breakers.open.map(\.place.provider) == ["yuntongxun"])
            try await eventually("the other workers are told") {
                try await system.broker.cli("HKEYS", "sms:breakers", database: 3) == "yuntongxun"
            }
        }
    }

    @Test func aProviderThatRefusesItsAccountIsPassedOver() async throws {
        try await DeliverySystem.run { address in
            var wrong = SandboxAccount.demo.sns(at: address)
            wrong.secretAccessKey = "wrongSecret/0123456789+abcdefghijklmnopq"
            return [.sns(wrong), Self.account(.webhook, at: address)]
        } _: { system in
            try await system.enqueue("13800138000", "012345")
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(system.sandbox.inbox.messages().map(\.gateway) == ["webhook"])
            #expect(system.service.breakers.open.map(\.description) == ["sns (auth)"])
        }
    }

    @Test(arguments: [ProviderName.yuntongxun, .aliyun, .tencent, .webhook])
    func aNumbersLimitAtOneProviderIsNoReasonToAskAnother(_ name: ProviderName) async throws {
        try await DeliverySystem.run {
            [Self.account(name, at: $0), Self.account(.twilio, at: $0)]
        } _: { system in
            try await system.enqueue("13800138000", "012345")
            try await eventually("the first is sent") { try await system.statistic("succeeded") == 1 }
            try await system.enqueue("13800138000", "543210")
            try await eventually("the second is given up") { try await system.statistic("dead") == 1 }
            #expect(system.sandbox.inbox.messages().map(\.gateway) == [name.rawValue])
            #expect(try await system.deathReasons() == ["throttled"])
        }
    }
}
