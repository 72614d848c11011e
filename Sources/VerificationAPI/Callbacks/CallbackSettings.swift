internal import Operations
internal import SMSProviders

extension CallbackConfiguration {
    static let settings: [SettingDescription] = [
        Setting.callbackURL.description, Setting.yuntongxunCallbackSecret.description,
        Setting.aliyunCallbackSecret.description, Setting.tencentCallbackSecret.description,
        Setting.twilioCallbackToken.description, Setting.twilioCallbackSharedKey.description,
        Setting.webhookReportSecrets.description,
    ]

    /// Reads the settings.
    init(_ reader: inout SettingsReader) {
        _ = reader.read(.callbackURL)
        if let secret = reader.callbackSecret(.yuntongxunCallbackSecret) { gateways.append(.yuntongxun(secret)) }
        if let secret = reader.callbackSecret(.aliyunCallbackSecret) { gateways.append(.aliyun(secret)) }
        if let secret = reader.callbackSecret(.tencentCallbackSecret) { gateways.append(.tencent(secret)) }
        if let key = Self.twilioKey(&reader) {
            gateways.append(.twilio(key, base: reader.require(.callbackURL).droppingTrailingSlash))
        }
        if let text = reader.read(.webhookReportSecrets), let secrets = reader.step({ try Self.webhookSecrets(text) }) {
            gateways.append(.webhook(secrets))
        }
    }

    private static func twilioKey(_ reader: inout SettingsReader) -> TwilioCallbackSignature.Key? {
        switch (reader.read(.twilioCallbackToken), reader.read(.twilioCallbackSharedKey)) {
        case (nil, nil): return nil
        case (let token?, nil): return .authToken(token)
        case (nil, let key?): return .sharedKey(key)
        default:
            reader.add(
                ConfigurationError(
                    "SMS_TWILIO_CALLBACK_TOKEN and SMS_TWILIO_CALLBACK_SHARED_KEY are both set: keep the one that "
                        + "Twilio signs with"))
            return nil
        }
    }

    private static func webhookSecrets(_ text: String) throws(ConfigurationError) -> [WebhookSecret] {
        let parts = text.split(separator: " ")
        let secrets = parts.compactMap { WebhookSecret(String($0)) }
        guard secrets.count == parts.count, !secrets.isEmpty else {
            throw ConfigurationError(
                "SMS_WEBHOOK_REPORT_SECRETS: expected whsec_ and 24 to 64 random bytes in base64; while it changes two "
                    + "such secrets with a space between")
        }
        return secrets
    }
}

extension SettingsReader {
    fileprivate mutating func callbackSecret(_ setting: Setting<String?>) -> CallbackSecret? {
        guard let text = read(setting) else { return nil }
        let secret = CallbackSecret(text)
        if secret == nil {
            add(
                ConfigurationError(
                    "\(setting.description.variable): expected at least \(CallbackSecret.shortest) letters, digits, - "
                        + "and _ that nobody can guess; make them: openssl rand -hex 16"))
        }
        return secret
    }
}

extension Setting where Value == String? {
    /// `SMS_YUNTONGXUN_CALLBACK_SECRET`.
    static var yuntongxunCallbackSecret: Setting { .pathSecret("yuntongxun", "Yuntongxun") }
    /// `SMS_ALIYUN_CALLBACK_SECRET`.
    static var aliyunCallbackSecret: Setting { .pathSecret("aliyun", "Aliyun") }
    /// `SMS_TENCENT_CALLBACK_SECRET`.
    static var tencentCallbackSecret: Setting { .pathSecret("tencent", "Tencent") }

    private static func pathSecret(_ provider: String, _ name: String) -> Setting {
        .secret(
            "\(provider).callbackSecret",
            help: "The unguessable end of /callbacks/\(provider)/…, to which \(name) posts reports")
    }

    /// `SMS_TWILIO_CALLBACK_TOKEN`.
    static var twilioCallbackToken: Setting {
        .secret("twilio.callbackToken", help: "The Twilio account's token, which signs reports")
    }

    /// `SMS_TWILIO_CALLBACK_SHARED_KEY`.
    static var twilioCallbackSharedKey: Setting {
        .secret(
            "twilio.callbackSharedKey", help: "The secret of a shared key with which Twilio signs reports instead")
    }

    /// `SMS_WEBHOOK_REPORT_SECRETS`.
    static var webhookReportSecrets: Setting {
        .secret(
            "webhook.reportSecrets",
            help: "The secret that signs a webhook's reports, whsec_…; while it changes two, with a space between")
    }
}
