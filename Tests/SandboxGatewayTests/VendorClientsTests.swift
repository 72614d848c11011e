import AsyncHTTPClient
import SMSProviders
import SandboxGateway
import Testing

@Suite("The real Aliyun and Tencent clients against the sandbox", .timeLimit(.minutes(5)))
struct VendorClientsTests {
    /// A client set up with what the sandbox prints.
    struct Client: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var mismatch: String
        var make: @Sendable (RunningSandbox, _ spoil: String) -> any SMSProvider

        static let all = [
            Client(
                testDescription: "aliyun", text: "【沙箱测试】您的验证码为：000042，请勿泄露于他人！", mismatch: "SignatureDoesNotMatch"
            ) { sandbox, spoil in
                let account = SandboxAccount.demo.aliyun
                return Aliyun(
                    configuration: .init(
                        baseURL: sandbox.baseURL, accessKeyID: account.accessKeyID,
                        accessKeySecret: account.accessKeySecret + spoil, signName: account.signName,
                        templateCode: account.templateCode),
                    client: sandbox.client)
            },
            Client(
                testDescription: "tencent", text: "【沙箱测试】您的登录验证码为000042，请于5分钟内填写，如非本人操作，请忽略本短信。",
                mismatch: "AuthFailure.SignatureFailure"
            ) { sandbox, spoil in
                let account = SandboxAccount.demo.tencent
                return Tencent(
                    configuration: .init(
                        baseURL: sandbox.baseURL, secretID: account.secretID, secretKey: account.secretKey + spoil,
                        appID: account.appID, signName: account.signName, templateID: account.templateID),
                    client: sandbox.client)
            },
        ]
    }

    private static func message(_ mobile: Int = 13_800_138_000) -> OutgoingMessage {
        OutgoingMessage(mobile: "\(mobile)", code: "000042", validMinutes: 5, taskID: "t")
    }

    @Test("are understood, and the code arrives with its leading zeros", arguments: Client.all)
    func accepted(_ client: Client) async throws {
        try await RunningSandbox.with { sandbox in
            let result = await client.make(sandbox, "").send(Self.message())
            #expect(result.outcome == .accepted, "\(result)")
            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.code == "000042")
            #expect(shown.messageID == result.messageID)
            #expect(shown.text == client.text)
        }
    }

    @Test("learn that their key is wrong", arguments: Client.all)
    func wrongKey(_ client: Client) async throws {
        try await RunningSandbox.with { sandbox in
            let result = await client.make(sandbox, "x").send(Self.message())
            #expect(result.outcome == .badConfiguration(.auth))
            #expect(result.vendorCode == client.mismatch)
        }
    }

    @Test("learn of every outcome that a number can choose", arguments: Client.all)
    func outcomes(_ client: Client) async throws {
        var configuration = SandboxConfiguration()
        configuration.magicNumbers = true
        try await RunningSandbox.with(configuration) { sandbox in
            let provider = client.make(sandbox, "")
            for ending in [50, 51, 52, 53, 54, 55, 56, 59] {
                let result = await provider.send(Self.message(13_800_138_000 + ending))
                switch (ending, result.outcome) {
                case (50, .badNumber(.number)), (51, .badNumber(.blocked)), (52, .badConfiguration(.geo)),
                    (53, .badConfiguration(.auth)), (54, .throttled(.number, _)),
                    (55, .throttled(.rate, retryAfter: .seconds(2))), (56, .retry), (59, .unknown):
                    break
                default: Issue.record("\(ending): \(result)")
                }
            }
        }
    }
}
