import SMSProviders
import Testing

@Suite("The Tencent settings")
struct TencentConfigurationTests {
    private let valid = TencentConfiguration(
        secretID: "AKIDz8k", secretKey: "5a6b7c8d", appID: "1400006666", signName: "腾讯云", templateID: "1110")

    @Test("have the vendor's gateway and a template with code and minutes as defaults")
    func defaults() throws {
        #expect(valid.baseURL == "https://sms.tencentcloudapi.com")
        #expect(valid.templateVariables == [.code, .minutes])
        #expect(valid.region == "ap-guangzhou")
        #expect(valid.callTimeout == .seconds(5))
        #expect(valid.bodyCap == 65_536)
        try valid.validate()
    }

    @Test("may name a gateway on this machine")
    func sandbox() throws {
        var configuration = valid
        configuration.baseURL = "http://127.0.0.1:8090/tencent"
        try configuration.validate()
    }

    @Test("never print the secret")
    func description() {
        #expect(!"\(valid)\(String(reflecting: valid))".contains("5a6b7c8d"))
    }

    @Test(
        "are refused when no call could succeed with them",
        arguments: [
            ("baseURL", \TencentConfiguration.baseURL, "sms.tencentcloudapi.com"),
            ("baseURL", \.baseURL, "https://sms.tencentcloudapi.com?a=b"), ("secretID", \.secretID, ""),
            ("secretID", \.secretID, "a/b"), ("secretKey", \.secretKey, ""),
            ("secretKey", \.secretKey, "5a6b 7c8d"), ("secretKey", \.secretKey, " 5a6b7c8d"), ("appID", \.appID, ""),
            ("appID", \.appID, "app"), ("signName", \.signName, ""), ("templateID", \.templateID, ""),
            ("templateID", \.templateID, "one"), ("region", \.region, ""), ("region", \.region, "ap guangzhou"),
        ])
    func faults(property: String, path: any WritableKeyPath<TencentConfiguration, String> & Sendable, value: String) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }

    @Test("are refused when the template has no variable for the code")
    func noCode() {
        var configuration = valid
        configuration.templateVariables = [.minutes]
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == "templateVariables")
    }
}
