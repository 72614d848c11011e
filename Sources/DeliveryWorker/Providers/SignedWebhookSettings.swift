internal import Operations
internal import SMSProviders

extension SignedWebhookConfiguration {
    static let settings: [SettingDescription] = [
        Setting.webhookURL.description, Setting.webhookSecrets.description,
        Setting.webhookInternalAddresses.description,
    ]

    init(_ reader: inout SettingsReader) {
        let secrets = reader.require(.webhookSecrets)
        self.init(
            url: reader.require(.webhookURL),
            secrets: secrets.split(separator: " ").map { String($0) })
        reportURL = reader.callback("webhook")
        allowsInternalAddresses = reader.read(.webhookInternalAddresses) == .yes
        userAgent = "sms-queue/\(Version.current)"
        reader.check(self, "webhook", Self.settings)
    }
}

extension Setting where Value == String? {
    /// Where messages are posted to: `SMS_WEBHOOK_URL`.
    static var webhookURL: Setting {
        .optionalURL(
            "webhook.url", flag: nil, schemes: ["https", "http"], help: "The address that messages are posted to")
    }

    /// What signs them: `SMS_WEBHOOK_SECRETS`, or in a file that `SMS_WEBHOOK_SECRETS_FILE` names.
    static var webhookSecrets: Setting {
        .secret(
            "webhook.secrets", help: "The secret that signs them, whsec_…; while it changes two, with a space between")
    }
}

extension Setting where Value == Switch {
    /// Whether the address may be inside: `SMS_WEBHOOK_INTERNAL_ADDRESSES`.
    static var webhookInternalAddresses: Setting {
        .choice(
            "webhook.internalAddresses", flag: nil, default: .no,
            help: "Let the webhook's address lead to a private or link-local network: yes or no")
    }
}
