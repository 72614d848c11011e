import NIOCore
import Testing

@testable import SMSProviders

@Suite("A template of a message's own")
struct MessageTemplateTests {
    private func message(_ provider: String, _ template: MessageTemplate) -> OutgoingMessage {
        var message = OutgoingMessage.example
        message.templates[provider] = template
        return message
    }

    private let recipient = PhoneNumberForm("13800138000")

    @Test("has variables in the order of its words, which need not be known")
    func variables() {
        #expect(MessageTemplate(id: "1").variables == nil)
        #expect(MessageTemplate(text: "{minutes}: {code}, {code}").variables == [.minutes, .code])
        #expect(MessageTemplate(text: "{code}").variables == [.code])
    }

    @Test(
        "takes the place of Tencent's",
        arguments: [
            (MessageTemplate(id: "2220"), #""TemplateId":"2220","SignName":"腾讯云","TemplateParamSet":["012345","5"]"#),
            (
                MessageTemplate(id: "2220", text: "{minutes}分钟 {code}"),
                #""TemplateId":"2220","SignName":"腾讯云","TemplateParamSet":["5","012345"]"#
            ),
        ])
    func tencent(template: MessageTemplate, expected: String) throws {
        let account = TencentConfiguration.example
        let request = TencentRequest(
            message("tencent", template), to: try #require(recipient),
            at: try #require(GatewayAddress(account.baseURL)), with: account, secondsSince1970: 1)
        #expect(String(buffer: request.body).contains(expected))
    }

    @Test(
        "takes the place of Yuntongxun's",
        arguments: [
            (MessageTemplate(id: "7"), #""templateId":"7","datas":["012345","5"]"#),
            (MessageTemplate(id: "7", text: "{code}"), #""templateId":"7","datas":["012345"]"#),
        ])
    func yuntongxun(template: MessageTemplate, expected: String) {
        let account = YuntongxunConfiguration(accountSID: "a1", authToken: "b2", appID: "c3")
        let request = YuntongxunRequest(
            message("yuntongxun", template), to: "13800138000", with: account, secondsSince1970: 1)
        #expect(String(buffer: request.body).contains(expected))
    }

    @Test(
        "takes the place of Aliyun's, with the variables that it has",
        arguments: [
            (MessageTemplate(id: "SMS_2"), #"{"code":"012345","time":"5"}"#),
            (MessageTemplate(id: "SMS_2", text: "{code}"), #"{"code":"012345"}"#),
        ])
    func aliyun(template: MessageTemplate, expected: String) throws {
        var account = AliyunConfiguration.example
        account.minutesVariable = "time"
        let request = AliyunRequest(
            message("aliyun", template), to: try #require(recipient),
            at: try #require(GatewayAddress(account.baseURL)), with: account, secondsSince1970: 1, nonce: "n")
        let body = String(buffer: request.body)
        #expect(body.hasSuffix("&TemplateCode=SMS_2&TemplateParam=\(PercentEncoding.encode(expected))"))
    }

    @Test("takes the place of the accounts' texts")
    func texts() throws {
        let recipient = try #require(recipient)
        let template = MessageTemplate(text: "Shop: {code}")
        let twilio = TwilioRequest(
            message("twilio", template), to: recipient,
            with: TwilioConfiguration(accountSID: "a1", authToken: "b2", sender: "c3"), secondsSince1970: 1)
        #expect(String(buffer: twilio.body).contains("Body=Shop%3A%20012345"))
        let sns = AmazonSNSConfiguration(region: "us-east-1", accessKeyID: "a1", secretAccessKey: "b2")
        let publish = AmazonSNSRequest(
            message("sns", template), to: recipient, at: try #require(GatewayAddress(sns.baseURL)), with: sns,
            secondsSince1970: 1)
        #expect(String(buffer: publish.body).contains("Message=Shop%3A%20012345"))
        let webhook = SignedWebhookRequest(
            message("webhook", template), to: recipient,
            with: SignedWebhookConfiguration(url: "https://sms.example.com", secrets: []), secondsSince1970: 1)
        #expect(String(buffer: webhook.body).contains(#""text":"Shop: 012345""#))
    }

    @Test("of another provider changes nothing")
    func others() {
        let account = YuntongxunConfiguration(accountSID: "a1", authToken: "b2", appID: "c3")
        let plain = YuntongxunRequest(.example, to: "13800138000", with: account, secondsSince1970: 1)
        let request = YuntongxunRequest(
            message("aliyun", MessageTemplate(id: "SMS_2")), to: "13800138000", with: account, secondsSince1970: 1)
        #expect(request.body == plain.body)
    }
}
