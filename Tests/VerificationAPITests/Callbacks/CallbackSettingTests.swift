import Operations
import Testing
import VerificationAPI

@Suite struct CallbackSettingTests {
    private static let secret = "0123456789abcdef0123456789abcdef"

    private func configuration(_ environment: [String: String]) throws -> APIConfiguration {
        try APIConfiguration(Settings(declared: APIConfiguration.settings, environment: environment))
    }

    @Test func gatewaysAreThoseThatHaveASecret() throws {
        #expect(try configuration([:]).callbacks.gateways.isEmpty)
        let all = try configuration([
            "SMS_YUNTONGXUN_CALLBACK_SECRET": Self.secret, "SMS_ALIYUN_CALLBACK_SECRET": Self.secret,
            "SMS_TENCENT_CALLBACK_SECRET": Self.secret, "SMS_TWILIO_CALLBACK_TOKEN": "token",
            "SMS_WEBHOOK_REPORT_SECRETS": CallbackSystem.webhookSecret, "SMS_CALLBACK_URL": "https://sms.example.com/",
        ])
        #expect(all.callbacks.gateways.map(\.name) == ["yuntongxun", "aliyun", "tencent", "twilio", "webhook"])
    }

    @Test(
        arguments: [
            (["SMS_ALIYUN_CALLBACK_SECRET": "guessable"], "SMS_ALIYUN_CALLBACK_SECRET", "openssl"),
            (["SMS_TWILIO_CALLBACK_TOKEN": "token"], "callback.url", "SMS_CALLBACK_URL"),
            (
                ["SMS_TWILIO_CALLBACK_TOKEN": "token", "SMS_TWILIO_CALLBACK_SHARED_KEY": "key"],
                "SMS_TWILIO_CALLBACK_SHARED_KEY", "keep the one"
            ),
            (["SMS_WEBHOOK_REPORT_SECRETS": "whsec_c2hvcnQ="], "SMS_WEBHOOK_REPORT_SECRETS", "24 to 64"),
            (["SMS_CALLBACK_URL": "sms.example.com"], "SMS_CALLBACK_URL", "https://"),
        ])
    func aMistakeIsNamedWithItsRemedy(_ environment: [String: String], _ setting: String, _ remedy: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(environment) }
        let text = try #require(error).description
        #expect(text.contains(setting) && text.contains(remedy), "\(text)")
        for value in environment.values where value != "sms.example.com" { #expect(!text.contains(value)) }
    }
}
