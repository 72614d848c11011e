import SMSProviders
import Testing

@Suite("The Twilio settings")
struct TwilioConfigurationTests {
    private let valid = TwilioConfiguration(accountSID: "AC5f0e", authToken: "5a6b7c8d", sender: "+15005550006")

    @Test("have the vendor's gateway and English words as defaults")
    func defaults() throws {
        #expect(valid.baseURL == "https://api.twilio.com")
        #expect(valid.text == MessageText.standard)
        #expect(valid.callTimeout == .seconds(5))
        try valid.validate()
    }

    @Test("never print the token")
    func description() {
        #expect(!"\(valid)\(String(reflecting: valid))".contains("5a6b7c8d"))
    }

    @Test(
        "are refused when no call could succeed with them",
        arguments: [
            ("baseURL", \TwilioConfiguration.baseURL, "api.twilio.com"),
            ("baseURL", \.baseURL, "https://api.twilio.com?a=b"), ("accountSID", \.accountSID, ""),
            ("accountSID", \.accountSID, "a/b"), ("authToken", \.authToken, ""), ("sender", \.sender, ""),
            ("sender", \.sender, "A name too long"), ("sender", \.sender, "shop!"), ("sender", \.sender, "+1"),
            ("text", \.text, "Your code is on its way."),
        ])
    func faults(property: String, path: any WritableKeyPath<TwilioConfiguration, String> & Sendable, value: String) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }

    @Test(
        "are refused when what may be left out is wrong",
        arguments: [
            ("apiKeySID", \TwilioConfiguration.apiKeySID, "S K"), ("statusCallback", \.statusCallback, "/status"),
            ("maxPrice", \.maxPrice, "cheap"), ("maxPrice", \.maxPrice, "0"),
        ])
    func optionalFaults(
        property: String, path: any WritableKeyPath<TwilioConfiguration, String?> & Sendable, value: String
    ) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }
}
