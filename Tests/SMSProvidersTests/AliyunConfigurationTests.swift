import SMSProviders
import Testing

@Suite("The Aliyun settings")
struct AliyunConfigurationTests {
    private let valid = AliyunConfiguration(
        accessKeyID: "LTAI5t", accessKeySecret: "5a6b7c8d", signName: "短信", templateCode: "SMS_1")

    @Test("have the vendor's gateway and a template without minutes as defaults")
    func defaults() throws {
        #expect(valid.baseURL == "https://dysmsapi.aliyuncs.com")
        #expect(valid.codeVariable == "code")
        #expect(valid.minutesVariable == nil)
        #expect(valid.callTimeout == .seconds(5))
        #expect(valid.bodyCap == 65_536)
        try valid.validate()
    }

    @Test("may name a gateway on this machine")
    func sandbox() throws {
        var configuration = valid
        configuration.baseURL = "http://127.0.0.1:8090/aliyun"
        try configuration.validate()
    }

    @Test("never print the secret")
    func description() {
        #expect(!"\(valid)\(String(reflecting: valid))".contains("5a6b7c8d"))
    }

    @Test(
        "are refused when no call could succeed with them",
        arguments: [
            ("baseURL", \AliyunConfiguration.baseURL, "dysmsapi.aliyuncs.com"),
            ("baseURL", \.baseURL, "https://dysmsapi.aliyuncs.com/?a=b"), ("accessKeyID", \.accessKeyID, ""),
            ("accessKeyID", \.accessKeyID, "a,b"), ("accessKeyID", \.accessKeyID, "密"),
            ("accessKeySecret", \.accessKeySecret, ""), ("signName", \.signName, ""),
            ("templateCode", \.templateCode, ""), ("templateCode", \.templateCode, "154950909"),
            ("templateCode", \.templateCode, "SMS_"), ("templateCode", \.templateCode, "SMS_one"),
            ("codeVariable", \.codeVariable, ""), ("codeVariable", \.codeVariable, "${code}"),
        ])
    func faults(property: String, path: any WritableKeyPath<AliyunConfiguration, String> & Sendable, value: String) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }

    @Test("are refused when the minutes have no variable of their own", arguments: ["", "code", "a b"])
    func minutesVariable(name: String) {
        var configuration = valid
        configuration.minutesVariable = name
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == "minutesVariable")
    }
}
