internal import Operations
internal import SMSProviders

extension AliyunConfiguration {
    static let settings: [SettingDescription] = [
        Setting.aliyunBaseURL.description, Setting.aliyunAccessKeyID.description,
        Setting.aliyunAccessKeySecret.description, Setting.aliyunSignName.description,
        Setting.aliyunTemplateCode.description, Setting.aliyunCodeVariable.description,
        Setting.aliyunMinutesVariable.description,
    ]

    init(_ reader: inout SettingsReader) {
        self.init(
            baseURL: reader.read(.aliyunBaseURL), accessKeyID: reader.require(.aliyunAccessKeyID),
            accessKeySecret: reader.require(.aliyunAccessKeySecret),
            signName: reader.require(.aliyunSignName), templateCode: reader.require(.aliyunTemplateCode))
        codeVariable = reader.read(.aliyunCodeVariable)
        minutesVariable = reader.read(.aliyunMinutesVariable)
        reader.check(self, "aliyun", Self.settings)
    }
}

extension Setting where Value == String? {
    /// Who signs: `SMS_ALIYUN_ACCESS_KEY_ID`.
    static var aliyunAccessKeyID: Setting {
        .optionalString("aliyun.accessKeyID", flag: nil, help: "The id of the Aliyun access key")
    }

    /// What signs requests: `SMS_ALIYUN_ACCESS_KEY_SECRET`, or in a file that `SMS_ALIYUN_ACCESS_KEY_SECRET_FILE` names.
    static var aliyunAccessKeySecret: Setting {
        .secret("aliyun.accessKeySecret", help: "The Aliyun access key's secret")
    }

    /// The message's signature: `SMS_ALIYUN_SIGN_NAME`.
    static var aliyunSignName: Setting {
        .optionalString("aliyun.signName", flag: nil, help: "The approved Aliyun signature, without brackets")
    }

    /// The message's template: `SMS_ALIYUN_TEMPLATE_CODE`.
    static var aliyunTemplateCode: Setting {
        .optionalString("aliyun.templateCode", flag: nil, help: "The approved Aliyun template, SMS_ and a number")
    }

    /// The template's variable for the minutes: `SMS_ALIYUN_MINUTES_VARIABLE`.
    static var aliyunMinutesVariable: Setting {
        .optionalString(
            "aliyun.minutesVariable", flag: nil, help: "The Aliyun template's variable for the minutes, if it has one")
    }
}

extension Setting where Value == String {
    /// The gateway's address: `SMS_ALIYUN_BASE_URL`.
    static var aliyunBaseURL: Setting {
        .url(
            "aliyun.baseURL", flag: nil, schemes: ["https", "http"], default: AliyunConfiguration.productionURL,
            help: "The Aliyun gateway's address")
    }

    /// The template's variable for the code: `SMS_ALIYUN_CODE_VARIABLE`.
    static var aliyunCodeVariable: Setting {
        .string("aliyun.codeVariable", flag: nil, default: "code", help: "The Aliyun template's variable for the code")
    }
}
