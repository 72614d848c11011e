/// The settings that make a worker send through the sandbox.
struct ProviderSettings: Encodable {
    struct Setting: Encodable {
        var name: String
        var value: String
    }

    var provider: Provider
    var title: String
    var settings: [Setting]

    private init(_ provider: Provider, _ settings: KeyValuePairs<String, String>) {
        self.provider = provider
        title = provider.title
        self.settings = settings.map { Setting(name: "SMS_\(provider.rawValue.uppercased())_\($0)", value: $1) }
    }

    /// Of every provider.
    ///
    /// - Parameter base: The sandbox's address.
    static func all(for account: SandboxAccount, at base: String) -> [ProviderSettings] {
        [
            ProviderSettings(
                .yuntongxun,
                [
                    "BASE_URL": base, "ACCOUNT_SID": account.accountSID, "AUTH_TOKEN": account.authToken,
                    "APP_ID": account.appID, "TEMPLATE_ID": "1",
                ]),
            ProviderSettings(
                .aliyun,
                [
                    "BASE_URL": base, "ACCESS_KEY_ID": account.aliyun.accessKeyID,
                    "ACCESS_KEY_SECRET": account.aliyun.accessKeySecret, "SIGN_NAME": account.aliyun.signName,
                    "TEMPLATE_CODE": account.aliyun.templateCode,
                ]),
            ProviderSettings(
                .tencent,
                [
                    "BASE_URL": base, "SECRET_ID": account.tencent.secretID, "SECRET_KEY": account.tencent.secretKey,
                    "APP_ID": account.tencent.appID, "SIGN_NAME": account.tencent.signName,
                    "TEMPLATE_ID": account.tencent.templateID,
                ]),
            ProviderSettings(
                .twilio,
                [
                    "BASE_URL": base, "ACCOUNT_SID": account.twilio.accountSID,
                    "AUTH_TOKEN": account.twilio.authToken, "SENDER": account.twilio.from,
                ]),
            ProviderSettings(
                .sns,
                [
                    "BASE_URL": base, "REGION": account.amazonSNS.region,
                    "ACCESS_KEY_ID": account.amazonSNS.accessKeyID,
                    "SECRET_ACCESS_KEY": account.amazonSNS.secretAccessKey,
                ]),
            ProviderSettings(.webhook, ["URL": "\(base)/webhook", "SECRETS": account.signedWebhook.secret]),
        ]
    }
}
