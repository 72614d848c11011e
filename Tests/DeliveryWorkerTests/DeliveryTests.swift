import SMSProviders
import SMSVerification
import SandboxGateway
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// The whole worker inside this process, against a real broker and the sandbox over HTTP.
@Suite(.timeLimit(.minutes(5))) struct DeliveryTests {
    private func withSystem(
        token: String = SandboxAccount.demo.authToken, _ body: (DeliverySystem) async throws -> Void
    ) async throws {
        try await DeliverySystem.run { address in
            var yuntongxun = SandboxAccount.demo.yuntongxun(at: address)
            yuntongxun.authToken = token
            return [.yuntongxun(yuntongxun)]
        } _: {
            try await body($0)
        }
    }

    @Test func sendsTheCodeWithTheMinutesOfItsLife() async throws {
        try await withSystem { system in
            try await system.enqueue("13800138000", "012345")
            try await eventually("the message arrives") { system.sandbox.inbox.messages(to: nil, limit: 10).count == 1 }
            let message = try #require(system.sandbox.inbox.messages(to: "13800138000", limit: 1).first)
            #expect(message.text == "【云通讯】您的验证码是012345，请于5分钟内正确输入。")
            try await eventually("the job is settled") { try await system.statistic("succeeded") == 1 }
            #expect(try await system.broker.cli("KEYS", "{celery}:claimed:*", database: 3).isEmpty)
        }
    }

    @Test func aLimitThatProtectsThePersonStops() async throws {
        try await withSystem { system in
            try await system.enqueue("13800138000", "111111")
            try await eventually("the first is sent") { try await system.statistic("succeeded") == 1 }
            try await system.enqueue("13800138000", "222222")
            try await eventually("the second is given up") { try await system.statistic("dead") == 1 }
            #expect(try await system.deathReasons() == ["throttled"])
            #expect(system.sandbox.inbox.messages(to: nil, limit: 10).count == 1)
        }
    }

    @Test(arguments: [("12345", "123456", "bad_number"), ("13800138000", "abc", "arguments")])
    func whatNoGatewayWouldTakeIsRejectedBeforeACall(_ mobile: String, _ code: String, _ reason: String) async throws {
        try await withSystem { system in
            try await system.enqueue(mobile, code)
            try await eventually("it is given up") { try await system.statistic("dead") == 1 }
            #expect(try await system.deathReasons() == [reason])
        }
    }

    @Test func aCodeThatIsNearlyOverIsNotSent() async throws {
        try await withSystem { system in
            try await TaskProducer(client: system.client).enqueue(
                sendCodeTask(), SendCodeArguments(mobile: "13800138000", code: "123456"), expires: .seconds(9))
            try await eventually("it has expired") { try await system.statistic("expired") == 1 }
            #expect(system.sandbox.inbox.messages(to: nil, limit: 10).isEmpty)
        }
    }

    @Test func wrongCredentialsAreTriedAgainUntilTheCodeExpires() async throws {
        try await withSystem(token: "00000000000000000000000000000000") { system in
            try await system.enqueue("13800138000", "123456")
            try await eventually("it is scheduled again") { try await system.statistic("retried") >= 1 }
            #expect(system.sandbox.inbox.messages(to: nil, limit: 10).isEmpty)
            #expect(try await system.statistic("dead") == 0)
        }
    }
}
