internal import Operations
internal import SMSProviders

extension AmazonSNSConfiguration {
    static let settings: [SettingDescription] = [
        Setting.snsBaseURL.description, Setting.snsRegion.description, Setting.snsAccessKeyID.description,
        Setting.snsSecretAccessKey.description, Setting.snsSenderID.description, Setting.snsText.description,
    ]

    init(_ reader: inout SettingsReader) {
        self.init(
            baseURL: reader.read(.snsBaseURL), region: reader.require(.snsRegion),
            accessKeyID: reader.require(.snsAccessKeyID),
            secretAccessKey: reader.require(.snsSecretAccessKey))
        senderID = reader.read(.snsSenderID)
        text = reader.read(.snsText)
        reader.check(self, "sns", Self.settings)
    }
}

extension Setting where Value == String? {
    /// The gateway's address: `SMS_SNS_BASE_URL`.
    static var snsBaseURL: Setting {
        .optionalURL(
            "sns.baseURL", flag: nil, schemes: ["https", "http"],
            help: "The address of Amazon SNS (default: the one of the region)")
    }

    /// The region: `SMS_SNS_REGION`.
    static var snsRegion: Setting {
        .optionalString("sns.region", flag: nil, help: "The AWS region that sends, such as us-east-1")
    }

    /// Who signs: `SMS_SNS_ACCESS_KEY_ID`.
    static var snsAccessKeyID: Setting {
        .optionalString("sns.accessKeyID", flag: nil, help: "The id of the AWS access key")
    }

    /// What signs requests: `SMS_SNS_SECRET_ACCESS_KEY`, or in a file that `SMS_SNS_SECRET_ACCESS_KEY_FILE` names.
    static var snsSecretAccessKey: Setting {
        .secret("sns.secretAccessKey", help: "The AWS access key's secret")
    }

    /// Who sends, as phones show it: `SMS_SNS_SENDER_ID`.
    static var snsSenderID: Setting {
        .optionalString("sns.senderID", flag: nil, help: "The sender that phones show, where a country allows it")
    }
}

extension Setting where Value == String {
    /// The message: `SMS_SNS_TEXT`.
    static var snsText: Setting {
        .string(
            "sns.text", flag: nil, default: MessageText.standard,
            help: "The message, with {code} and {minutes}, sent by SNS")
    }
}
