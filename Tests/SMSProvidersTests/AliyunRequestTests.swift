import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

/// A worked example of the signature ACS3-HMAC-SHA256, checked against the vendor's own library.
struct AliyunVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var accessKeyId: String
    var accessKeySecret: String
    var host: String
    var action: String
    var version: String
    var date: String
    var secondsSince1970: Int
    var nonce: String
    var query: [String: String]
    var contentType: String?
    var body: String
    var bodySha256: String?
    var canonicalRequest: String?
    var canonicalSha256: String?
    var stringToSign: String?
    var signature: String
    var authorization: String?

    var testDescription: String { name }

    static let all: [AliyunVector] = resource("aliyun-vectors")
    static let form = all[1]
}

extension AliyunConfiguration {
    static let example = AliyunConfiguration(
        accessKeyID: AliyunVector.form.accessKeyId, accessKeySecret: AliyunVector.form.accessKeySecret,
        signName: "阿里云短信测试", templateCode: "SMS_154950909")
}

extension OutgoingMessage {
    static let example = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "job-01HV")
}

@Suite("An Aliyun request")
struct AliyunRequestTests {
    @Test("is signed as in the worked examples", arguments: AliyunVector.all)
    func signature(_ vector: AliyunVector) {
        let query = vector.query.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let signature = AliyunSignature(
            action: vector.action, version: vector.version, host: vector.host, query: PercentEncoding.form(query),
            contentType: vector.contentType, body: vector.body, secondsSince1970: vector.secondsSince1970,
            nonce: vector.nonce)
        let fields = HTTPHeaders(signature.headers.map { ($0.name, $0.value) })
        #expect(fields["x-acs-date"] == [vector.date])
        if let hash = vector.bodySha256 { #expect(fields["x-acs-content-sha256"] == [hash]) }
        if let text = vector.canonicalRequest { #expect(signature.canonicalRequest.text == text) }
        if let hash = vector.canonicalSha256 { #expect(signature.canonicalRequest.hash == hash) }
        if let text = vector.stringToSign { #expect(signature.textToSign == text) }
        let authorization = signature.authorization(keyID: vector.accessKeyId, secret: vector.accessKeySecret)
        #expect(authorization.hasSuffix(",Signature=\(vector.signature)"))
        if let expected = vector.authorization { #expect(authorization == expected) }
    }

    @Test("for a whole message equals the worked example")
    func equalsVector() throws {
        let vector = AliyunVector.form
        let request = try request(.example, .example)
        #expect(String(buffer: request.body) == vector.body)
        #expect(request.headers["Authorization"] == [try #require(vector.authorization)])
        #expect(request.headers["Accept"] == ["application/json"])
        #expect(request.headers["Content-Type"] == ["application/x-www-form-urlencoded"])
        #expect(request.headers["Host"] == ["dysmsapi.aliyuncs.com"])
    }

    @Test("carries the minutes if the template has a variable for them")
    func minutes() throws {
        var account = AliyunConfiguration.example
        account.codeVariable = "number"
        account.minutesVariable = "time"
        let body = String(buffer: try request(.example, account).body)
        #expect(body.hasSuffix("&TemplateParam=" + PercentEncoding.encode(#"{"number":"012345","time":"5"}"#)))
    }

    @Test(
        "has the number in the vendor's form",
        arguments: [
            ("13800138000", "13800138000"), ("+8613800138000", "13800138000"), ("+85251234567", "85251234567"),
            ("+14155550123", "14155550123"),
        ])
    func recipient(mobile: String, expected: String) throws {
        var message = OutgoingMessage.example
        message.mobile = mobile
        #expect(String(buffer: try request(message, .example).body).contains("&PhoneNumbers=\(expected)&"))
    }

    @Test("percent-encodes all but unreserved characters")
    func percentEncoding() {
        #expect(
            PercentEncoding.encode("a b+c*d~e/f=g&h%i'j(k)!é中")
                == "a%20b%2Bc%2Ad~e%2Ff%3Dg%26h%25i%27j%28k%29%21%C3%A9%E4%B8%AD")
    }

    private func request(_ message: OutgoingMessage, _ account: AliyunConfiguration) throws -> AliyunRequest {
        AliyunRequest(
            message, to: try #require(PhoneNumberForm(message.mobile)),
            at: try #require(GatewayAddress(account.baseURL)), with: account,
            secondsSince1970: AliyunVector.form.secondsSince1970, nonce: AliyunVector.form.nonce)
    }
}
