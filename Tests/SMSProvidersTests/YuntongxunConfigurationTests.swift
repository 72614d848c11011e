import SMSProviders
import Testing

@Suite("The Yuntongxun settings")
struct YuntongxunConfigurationTests {
    private let valid = YuntongxunConfiguration(accountSID: "aaf98f89", authToken: "5a6b7c8d", appID: "8a216da8")

    @Test("have the vendor's gateway and its test template as defaults")
    func defaults() throws {
        #expect(valid.baseURL == "https://app.cloopen.com:8883")
        #expect(valid.templateID == "1")
        #expect(valid.callTimeout == .seconds(5))
        #expect(valid.bodyCap == 65_536)
        try valid.validate()
    }

    @Test("never print the token")
    func description() {
        #expect(!"\(valid)\(String(reflecting: valid))".contains("5a6b7c8d"))
    }

    @Test(
        "are refused when no call could succeed with them",
        arguments: [
            ("baseURL", \YuntongxunConfiguration.baseURL, "app.cloopen.com:8883"),
            ("baseURL", \.baseURL, "https://app.cloopen.com:8883?a=b"), ("accountSID", \.accountSID, ""),
            ("accountSID", \.accountSID, "a/b"), ("appID", \.appID, "密"), ("authToken", \.authToken, ""),
            ("templateID", \.templateID, "one"), ("templateID", \.templateID, ""),
        ])
    func faults(property: String, path: any WritableKeyPath<YuntongxunConfiguration, String> & Sendable, value: String)
    {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }
}

@Suite("A message")
struct OutgoingMessageTests {
    @Test("prints a masked number and no code")
    func description() {
        let message = OutgoingMessage(mobile: "13800138000", code: "123456", validMinutes: 5, taskID: "a1")
        #expect("\(message)" == "message to 138****8000, task a1")
        #expect(!String(reflecting: message).contains("123456"))
    }
}
