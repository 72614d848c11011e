internal import Operations
internal import SMSProviders

extension TwilioConfiguration {
    static let settings: [SettingDescription] = [
        Setting.twilioBaseURL.description, Setting.twilioAccountSID.description, Setting.twilioAuthToken.description,
        Setting.twilioAPIKeySID.description, Setting.twilioSender.description, Setting.twilioText.description,
    ]

    init(_ reader: inout SettingsReader) {
        self.init(
            baseURL: reader.read(.twilioBaseURL), accountSID: reader.require(.twilioAccountSID),
            authToken: reader.require(.twilioAuthToken), sender: reader.require(.twilioSender))
        apiKeySID = reader.read(.twilioAPIKeySID)
        text = reader.read(.twilioText)
        statusCallback = reader.callback("twilio")
        reader.check(self, "twilio", Self.settings)
    }
}

extension Setting where Value == String? {
    /// The account: `SMS_TWILIO_ACCOUNT_SID`.
    static var twilioAccountSID: Setting {
        .optionalString("twilio.accountSID", flag: nil, help: "The Twilio account's SID")
    }

    /// What signs requests: `SMS_TWILIO_AUTH_TOKEN`, or in a file that `SMS_TWILIO_AUTH_TOKEN_FILE` names.
    static var twilioAuthToken: Setting {
        .secret("twilio.authToken", help: "The Twilio account's token, or the API key's secret")
    }

    /// An API key to use instead of the account's token: `SMS_TWILIO_API_KEY_SID`.
    static var twilioAPIKeySID: Setting {
        .optionalString(
            "twilio.apiKeySID", flag: nil, help: "The SID of a Twilio API key, whose secret the token then is")
    }

    /// Who sends: `SMS_TWILIO_SENDER`.
    static var twilioSender: Setting {
        .optionalString(
            "twilio.sender", flag: nil, help: "The Twilio number, or the messaging service's SID, that sends")
    }
}

extension Setting where Value == String {
    /// The gateway's address: `SMS_TWILIO_BASE_URL`.
    static var twilioBaseURL: Setting {
        .url(
            "twilio.baseURL", flag: nil, schemes: ["https", "http"], default: TwilioConfiguration.productionURL,
            help: "The Twilio gateway's address")
    }

    /// The message: `SMS_TWILIO_TEXT`.
    static var twilioText: Setting {
        .string(
            "twilio.text", flag: nil, default: MessageText.standard,
            help: "The message, with {code} and {minutes}, sent by Twilio")
    }
}
