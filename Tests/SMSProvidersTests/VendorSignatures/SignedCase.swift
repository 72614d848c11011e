import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

/// A signed request, and what it was made from.
struct SignedCase: Encodable {
    var url: String
    var time: Int
    var headers: [String: String]
    var body: String
    var key: String?
    var secrets: [String]
    var region: String?
    var token: String?
    /// What a receiver must read in the body, among other things.
    var fields: [String: String]

    init(
        url: String, time: Int, _ headers: HTTPHeaders, _ body: ByteBuffer, secrets: [String], fields: [String: String]
    ) {
        self.url = url
        self.time = time
        self.headers = Dictionary(headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
        self.body = String(buffer: body)
        self.secrets = secrets
        self.fields = fields
    }
}

extension RandomInput {
    mutating func aliyun() throws -> SignedCase {
        var account = AliyunConfiguration(
            baseURL: address("dysmsapi.aliyuncs.com", paths: ["", "/", "/gateway/aliyun"]), accessKeyID: word(8...24),
            accessKeySecret: secret(), signName: text(1...20), templateCode: "SMS_" + digits(6...9))
        account.minutesVariable = flag() ? "minutes" : nil
        let (message, time) = (message(), time())
        let recipient = try #require(PhoneNumberForm(message.mobile))
        let address = try #require(GatewayAddress(account.baseURL))
        let request = AliyunRequest(
            message, to: recipient, at: address, with: account, secondsSince1970: time, nonce: word(8...36))
        var signed = SignedCase(
            url: address.url, time: time, request.headers, request.body, secrets: [account.accessKeySecret],
            fields: [
                "OutId": message.taskID, "SignName": account.signName, "TemplateCode": account.templateCode,
                "PhoneNumbers": recipient.mainland ?? recipient.withoutPlus,
            ])
        signed.key = account.accessKeyID
        return signed
    }

    mutating func tencent() throws -> SignedCase {
        var account = TencentConfiguration(
            baseURL: address("sms.tencentcloudapi.com", paths: ["", "/", "/gateway/tencent"]), secretID: word(8...36),
            secretKey: secret(), appID: digits(10...10), signName: text(1...20), templateID: digits(4...8))
        account.region = one(of: ["ap-guangzhou", "ap-singapore"])
        let (message, time) = (message(), time())
        let recipient = try #require(PhoneNumberForm(message.mobile))
        let address = try #require(GatewayAddress(account.baseURL))
        let request = TencentRequest(message, to: recipient, at: address, with: account, secondsSince1970: time)
        var signed = SignedCase(
            url: address.url, time: time, request.headers, request.body, secrets: [account.secretKey],
            fields: [
                "SessionContext": message.taskID, "SignName": account.signName, "TemplateId": account.templateID,
                "SmsSdkAppId": account.appID,
            ])
        signed.key = account.secretID
        signed.region = account.region
        return signed
    }

    mutating func amazonSNS() throws -> SignedCase {
        let region = one(of: ["us-east-1", "ap-southeast-1", "cn-north-1"])
        let (before, after) = (text(0...40), text(0...40))
        var account = AmazonSNSConfiguration(
            baseURL: address("sns.\(region).amazonaws.com"), region: region, accessKeyID: word(16...24),
            secretAccessKey: secret())
        account.text = "\(before) {code} \(after)"
        account.sessionToken = flag() ? string(of: "abcXYZ019+/=", 100...400) : nil
        account.senderID = flag() ? word(1...11) : nil
        account.maxPrice = flag() ? "0.05" : nil
        let (message, time) = (message(), time())
        let recipient = try #require(PhoneNumberForm(message.mobile))
        let gateway = try #require(GatewayAddress(account.baseURL))
        let request = AmazonSNSRequest(message, to: recipient, at: gateway, with: account, secondsSince1970: time)
        var signed = SignedCase(
            url: account.baseURL, time: time, request.headers, request.body, secrets: [account.secretAccessKey],
            fields: ["PhoneNumber": recipient.e164, "Message": "\(before) \(message.code) \(after)"])
        signed.key = account.accessKeyID
        signed.region = region
        signed.token = account.sessionToken
        return signed
    }

    mutating func webhook() throws -> SignedCase {
        let secrets = (1...number(1...3)).map { _ in webhookSecret() }
        let (before, after) = (text(0...40), text(0...40))
        var configuration = SignedWebhookConfiguration(url: "https://sms.example.com/send", secrets: secrets)
        configuration.text = "\(before) {code} \(after)"
        let (message, time) = (message(), time())
        let recipient = try #require(PhoneNumberForm(message.mobile))
        let request = SignedWebhookRequest(message, to: recipient, with: configuration, secondsSince1970: time)
        return SignedCase(
            url: configuration.url, time: time, request.headers, request.body, secrets: secrets,
            fields: [
                "to": recipient.e164, "template": message.purpose, "locale": message.locale,
                "text": "\(before) \(message.code) \(after)",
            ])
    }
}
