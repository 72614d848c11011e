import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

/// A worked example of the signature TC3-HMAC-SHA256, checked against the vendor's own SDK.
struct TencentVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var secretId: String
    var secretKey: String
    var timestamp: Int
    /// Pairs of name and value.
    var headers: [[String]]
    var body: String
    var bodySha256: String?
    var canonicalRequest: String?
    var scope: String?
    var stringToSign: String?
    var kSigning: String?
    var signature: String
    var authorization: String

    var testDescription: String { name }

    static let all: [TencentVector] = resource("tencent-vectors")
    static let message = all[0]
}

extension TencentConfiguration {
    static let example = TencentConfiguration(
        secretID: TencentVector.message.secretId, secretKey: TencentVector.message.secretKey, appID: "1400006666",
        signName: "腾讯云", templateID: "1110")
}

@Suite("A Tencent request")
struct TencentRequestTests {
    @Test("is signed as in the worked examples", arguments: TencentVector.all)
    func signature(_ vector: TencentVector) {
        let signature = TencentSignature(
            headers: vector.headers.map { (name: $0[0], value: $0[1]) }, body: vector.body,
            secondsSince1970: vector.timestamp)
        if let hash = vector.bodySha256 { #expect(signature.canonicalRequest.text.hasSuffix("\n\(hash)")) }
        if let text = vector.canonicalRequest { #expect(signature.canonicalRequest.text == text) }
        if let scope = vector.scope { #expect(signature.scope == scope) }
        if let text = vector.stringToSign { #expect(signature.textToSign == text) }
        if let key = vector.kSigning {
            #expect(Digest.hexadecimal(signature.signingKey(secretKey: vector.secretKey)) == key)
        }
        let authorization = signature.authorization(secretID: vector.secretId, secretKey: vector.secretKey)
        #expect(authorization == vector.authorization)
        #expect(authorization.hasSuffix(", Signature=\(vector.signature)"))
    }

    @Test("for a whole message equals the worked example")
    func equalsVector() throws {
        let vector = TencentVector.message
        let request = try request(.example, .example)
        #expect(String(buffer: request.body) == vector.body)
        #expect(request.headers["Authorization"] == [vector.authorization])
        #expect(request.headers["Content-Type"] == ["application/json; charset=utf-8"])
        #expect(request.headers["Host"] == ["sms.tencentcloudapi.com"])
        #expect(request.headers["X-TC-Action"] == ["SendSms"])
        #expect(request.headers["X-TC-Version"] == ["2021-01-11"])
        #expect(request.headers["X-TC-Timestamp"] == ["1767323045"])
        #expect(request.headers["X-TC-Region"] == ["ap-guangzhou"])
    }

    @Test(
        "carries the variables that the template has",
        arguments: [
            ([TemplateVariable.code], #"["012345"]"#),
            ([.minutes, .code, .code], #"["5","012345","012345"]"#),
        ])
    func variables(variables: [TemplateVariable], expected: String) throws {
        var account = TencentConfiguration.example
        account.templateVariables = variables
        let body = String(buffer: try request(.example, account).body)
        #expect(body.contains("\"TemplateParamSet\":\(expected),"))
    }

    @Test(
        "has the number in the vendor's form",
        arguments: [
            ("13800138000", "+8613800138000"), ("+8613800138000", "+8613800138000"),
            ("+85251234567", "+85251234567"),
        ])
    func recipient(mobile: String, expected: String) throws {
        var message = OutgoingMessage.example
        message.mobile = mobile
        let body = String(buffer: try request(message, .example).body)
        #expect(body.hasPrefix("{\"PhoneNumberSet\":[\"\(expected)\"],"))
    }

    private func request(_ message: OutgoingMessage, _ account: TencentConfiguration) throws -> TencentRequest {
        TencentRequest(
            message, to: try #require(PhoneNumberForm(message.mobile)),
            at: try #require(GatewayAddress(account.baseURL)), with: account,
            secondsSince1970: TencentVector.message.timestamp)
    }
}
