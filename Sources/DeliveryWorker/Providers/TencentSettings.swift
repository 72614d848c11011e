internal import Operations
internal import SMSProviders

extension TencentConfiguration {
    static let settings: [SettingDescription] = [
        Setting.tencentBaseURL.description, Setting.tencentRegion.description, Setting.tencentSecretID.description,
        Setting.tencentSecretKey.description, Setting.tencentAppID.description, Setting.tencentSignName.description,
        Setting.tencentTemplateID.description, Setting.tencentTemplateVariables.description,
    ]

    init(_ reader: inout SettingsReader) {
        self.init(
            baseURL: reader.read(.tencentBaseURL), secretID: reader.require(.tencentSecretID),
            secretKey: reader.require(.tencentSecretKey), appID: reader.require(.tencentAppID),
            signName: reader.require(.tencentSignName), templateID: reader.require(.tencentTemplateID))
        region = reader.read(.tencentRegion)
        templateVariables = reader.read(.tencentTemplateVariables)
        reader.check(self, "tencent", Self.settings)
    }
}

extension Setting where Value == String? {
    /// Who signs: `SMS_TENCENT_SECRET_ID`.
    static var tencentSecretID: Setting {
        .optionalString("tencent.secretID", flag: nil, help: "The id of the Tencent API key")
    }

    /// What signs requests: `SMS_TENCENT_SECRET_KEY`, or in a file that `SMS_TENCENT_SECRET_KEY_FILE` names.
    static var tencentSecretKey: Setting {
        .secret("tencent.secretKey", help: "The Tencent API key's secret")
    }

    /// The application: `SMS_TENCENT_APP_ID`.
    static var tencentAppID: Setting {
        .optionalString("tencent.appID", flag: nil, help: "The Tencent SMS application's SdkAppId")
    }

    /// The message's signature: `SMS_TENCENT_SIGN_NAME`.
    static var tencentSignName: Setting {
        .optionalString("tencent.signName", flag: nil, help: "The approved Tencent signature")
    }

    /// The message's template: `SMS_TENCENT_TEMPLATE_ID`.
    static var tencentTemplateID: Setting {
        .optionalString("tencent.templateID", flag: nil, help: "The approved Tencent template's number")
    }
}

extension Setting where Value == String {
    /// The gateway's address: `SMS_TENCENT_BASE_URL`.
    static var tencentBaseURL: Setting {
        .url(
            "tencent.baseURL", flag: nil, schemes: ["https", "http"], default: TencentConfiguration.productionURL,
            help: "The Tencent gateway's address")
    }

    /// Where requests are answered: `SMS_TENCENT_REGION`.
    static var tencentRegion: Setting {
        .string("tencent.region", flag: nil, default: "ap-guangzhou", help: "The Tencent region that sends")
    }
}

extension Setting where Value == [TemplateVariable] {
    /// What the template has variables for: `SMS_TENCENT_TEMPLATE_VARIABLES`.
    static var tencentTemplateVariables: Setting {
        Setting(
            "tencent.templateVariables", flag: nil, default: [.code, .minutes], defaultText: "code,minutes",
            help: "What stands for {1}, {2} of the Tencent template", expected: "code, or code,minutes, or minutes,code"
        ) { text in
            let parts = text.commaSeparated
            let variables = parts.compactMap { TemplateVariable(rawValue: $0) }
            return variables.count == parts.count && variables.contains(.code) && Set(variables).count == parts.count
                ? variables : nil
        }
    }
}
