import SMSProviders
import Testing

@Suite("The Amazon SNS settings")
struct AmazonSNSConfigurationTests {
    private let valid = AmazonSNSConfiguration(
        region: "eu-central-1", accessKeyID: "TESTAWSKEYID", secretAccessKey: "5a6b7c8d")

    @Test("have the region's gateway and English words as defaults")
    func defaults() throws {
        #expect(valid.baseURL == "https://sns.eu-central-1.amazonaws.com")
        #expect(valid.text == MessageText.standard)
        #expect(valid.callTimeout == .seconds(5))
        try valid.validate()
    }

    @Test("never print a secret")
    func description() {
        var configuration = valid
        configuration.sessionToken = "9e0f"
        let text = "\(configuration)\(String(reflecting: configuration))"
        #expect(!text.contains("5a6b7c8d") && !text.contains("9e0f"))
    }

    @Test(
        "are refused when no call could succeed with them",
        arguments: [
            ("baseURL", \AmazonSNSConfiguration.baseURL, "sns.us-east-1.amazonaws.com"),
            ("baseURL", \.baseURL, "https://sns.us-east-1.amazonaws.com/sms"), ("region", \.region, ""),
            ("region", \.region, "us east"), ("region", \.region, "mars"), ("accessKeyID", \.accessKeyID, ""),
            ("accessKeyID", \.accessKeyID, "a/b"),
            ("secretAccessKey", \.secretAccessKey, ""), ("text", \.text, "Your code is on its way."),
        ])
    func faults(property: String, path: any WritableKeyPath<AmazonSNSConfiguration, String> & Sendable, value: String) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }

    @Test(
        "are refused when what may be left out is wrong",
        arguments: [
            ("senderID", \AmazonSNSConfiguration.senderID, "TwelveLetter"), ("senderID", \.senderID, ""),
            ("originationNumber", \.originationNumber, ""), ("maxPrice", \.maxPrice, "cheap"),
        ])
    func optionalFaults(
        property: String, path: any WritableKeyPath<AmazonSNSConfiguration, String?> & Sendable, value: String
    ) {
        var configuration = valid
        configuration[keyPath: path] = value
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == property)
    }
}
