import AsyncHTTPClient
import SMSProviders
import SandboxGateway
import Testing

@Suite("The real Yuntongxun client against the sandbox", .timeLimit(.minutes(5)))
struct YuntongxunClientTests {
    private static let message = OutgoingMessage(mobile: "13800138000", code: "000042", validMinutes: 5, taskID: "t")

    private func provider(_ sandbox: RunningSandbox, token: String = SandboxAccount.demo.authToken) -> Yuntongxun {
        let account = SandboxAccount.demo
        return Yuntongxun(
            configuration: .init(
                baseURL: sandbox.baseURL, accountSID: account.accountSID, authToken: token, appID: account.appID),
            client: sandbox.client)
    }

    @Test("is understood, and its code arrives with its leading zeros")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let result = await provider(sandbox).send(Self.message)
            #expect(result.outcome == .accepted)
            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.code == "000042")
            #expect(shown.messageID == result.messageID)
            #expect(shown.text == "【云通讯】您的验证码是000042，请于5分钟内正确输入。")
        }
    }

    @Test("learns that its token is wrong")
    func wrongToken() async throws {
        try await RunningSandbox.with { sandbox in
            let result = await provider(sandbox, token: "wrong").send(Self.message)
            #expect(result.outcome == .badConfiguration(.auth))
            #expect(result.vendorCode == "111109")
        }
    }

    @Test("learns that the number has had its message")
    func tooOften() async throws {
        try await RunningSandbox.with { sandbox in
            _ = await provider(sandbox).send(Self.message)
            let result = await provider(sandbox).send(Self.message)
            #expect(result.outcome == .throttled(.number, retryAfter: nil))
        }
    }
}
