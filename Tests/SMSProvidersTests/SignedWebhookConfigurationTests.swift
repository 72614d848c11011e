import SMSProviders
import Testing

@Suite("The webhook settings")
struct SignedWebhookConfigurationTests {
    private static let secret = "whsec_bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI="
    private let valid = SignedWebhookConfiguration(url: "https://sms.example.com/send?key=9e0f", secrets: [secret])

    @Test("never print a secret")
    func description() {
        let text = "\(valid)\(String(reflecting: valid))"
        #expect(text.contains("https://sms.example.com/send"))
        #expect(!text.contains("bWFkZS11") && !text.contains("9e0f"))
    }

    @Test(
        "allow plain HTTP on this machine alone",
        arguments: [
            ("https://sms.example.com", true), ("http://127.0.0.1:8090/send", true), ("http://127.9.9.9", true),
            ("http://localhost:8090", true), ("http://[::1]:8090", true), ("http://sms.example.com", false),
            ("http://127.0.0.1.example.com", false), ("http://127.example.com", false), ("http://10.0.0.1", false),
            ("http://0.0.0.0", false), ("ftp://127.0.0.1", false), ("sms.example.com", false), ("https://", false),
            ("", false),
        ])
    func address(url: String, allowed: Bool) {
        var configuration = valid
        configuration.url = url
        if allowed {
            #expect(throws: Never.self) { try configuration.validate() }
        } else {
            let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
            #expect(fault?.property == "url")
        }
    }

    @Test(
        "allow an address of the inside only when told to",
        arguments: ["10.0.0.7", "192.168.1.1", "169.254.169.254", "[fd00:ec2::254]", "[::ffff:10.0.0.7]", "0.0.0.0"])
    func inside(host: String) throws {
        var configuration = valid
        configuration.url = "https://\(host)/send"
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == "url")
        configuration.allowsInternalAddresses = true
        try configuration.validate()
    }

    @Test(
        "are refused with a secret that is none, and do not repeat it",
        arguments: [
            [], [""], ["whsec_c2hvcnQ="], ["bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI="], [secret, "whsec_c2hvcnQ="],
        ])
    func secrets(secrets: [String]) {
        var configuration = valid
        configuration.secrets = secrets
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == "secrets")
        #expect(fault?.description.contains("c2hvcnQ") == false)
        #expect(fault?.description.contains("bWFkZS11") == false)
    }

    @Test("are refused with words that leave out the code")
    func text() throws {
        var configuration = valid
        configuration.text = "{minutes}"
        let fault = #expect(throws: AccountFault.self) { try configuration.validate() }
        #expect(fault?.property == "text")
        configuration.text = "{code}"
        try configuration.validate()
    }
}
