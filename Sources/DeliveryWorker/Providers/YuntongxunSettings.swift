internal import Operations
internal import SMSProviders

extension YuntongxunConfiguration {
    static let settings: [SettingDescription] = [
        Setting.yuntongxunBaseURL.description, Setting.yuntongxunAccountSID.description,
        Setting.yuntongxunAuthToken.description, Setting.yuntongxunAppID.description,
        Setting.yuntongxunTemplateID.description, Setting.yuntongxunRequestIDs.description,
    ]

    init(_ reader: inout SettingsReader) {
        self.init(
            baseURL: reader.read(.yuntongxunBaseURL), accountSID: reader.require(.yuntongxunAccountSID),
            authToken: reader.require(.yuntongxunAuthToken), appID: reader.require(.yuntongxunAppID),
            templateID: reader.read(.yuntongxunTemplateID))
        identifiesRequests = reader.read(.yuntongxunRequestIDs) == .yes
        reader.check(self, "yuntongxun", Self.settings)
    }
}

extension Setting where Value == String? {
    /// The account at the gateway: `SMS_YUNTONGXUN_ACCOUNT_SID`.
    static var yuntongxunAccountSID: Setting {
        .optionalString("yuntongxun.accountSID", flag: nil, help: "The Yuntongxun account's SID")
    }

    /// The account's token: `SMS_YUNTONGXUN_AUTH_TOKEN`, or in a file that `SMS_YUNTONGXUN_AUTH_TOKEN_FILE` names.
    static var yuntongxunAuthToken: Setting {
        .secret("yuntongxun.authToken", help: "The Yuntongxun account's token")
    }

    /// The application: `SMS_YUNTONGXUN_APP_ID`.
    static var yuntongxunAppID: Setting {
        .optionalString("yuntongxun.appID", flag: nil, help: "The Yuntongxun application's identifier")
    }
}

extension Setting where Value == String {
    /// The gateway's address: `SMS_YUNTONGXUN_BASE_URL`.
    static var yuntongxunBaseURL: Setting {
        .url(
            "yuntongxun.baseURL", flag: nil, schemes: ["https", "http"],
            default: YuntongxunConfiguration.productionURL, help: "The Yuntongxun gateway's address")
    }

    /// The message's template: `SMS_YUNTONGXUN_TEMPLATE_ID`.
    static var yuntongxunTemplateID: Setting {
        .string("yuntongxun.templateID", flag: nil, default: "1", help: "The Yuntongxun template of the message")
    }
}

extension Setting where Value == Switch {
    /// Whether the gateway is told which attempt it sees: `SMS_YUNTONGXUN_REQUEST_IDS`.
    static var yuntongxunRequestIDs: Setting {
        .choice(
            "yuntongxun.requestIDs", flag: nil, default: .no,
            help: "Let Yuntongxun recognise repeated calls by a reqId; try it with your account first: yes or no")
    }
}
