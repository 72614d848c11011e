/// The account that a sandbox knows. It opens nothing anywhere else.
public struct SandboxAccount: Sendable, Equatable {
    /// The main account's SID, part of every address.
    public var accountSID: String
    /// The main account's token, which signs every request.
    public var authToken: String
    /// The application's identifier.
    public var appID: String
    /// The account at Aliyun.
    public var aliyun = Aliyun()
    /// The account at Tencent Cloud.
    public var tencent = Tencent()
    /// The account at Twilio.
    public var twilio = Twilio()
    /// The account at Amazon Web Services.
    public var amazonSNS = AmazonSNS()
    /// The key of the signed webhook.
    public var signedWebhook = SignedWebhook()

    /// Makes an account.
    public init(accountSID: String, authToken: String, appID: String) {
        self.accountSID = accountSID
        self.authToken = authToken
        self.appID = appID
    }

    /// The made-up account that every sandbox has unless told otherwise.
    public static let demo = SandboxAccount(
        accountSID: "aaf98f8952b6f5730152b6f500000001", authToken: "5a6b7c8d9e0f11223344556677889900",
        appID: "8a216da852b6f5730152b6f500000002")
}
