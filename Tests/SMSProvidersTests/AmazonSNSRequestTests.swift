import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A request to Amazon SNS")
struct AmazonSNSRequestTests {
    private let vector = AmazonSNSVector.all[0]
    private let message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")

    private func request(_ adjust: (inout AmazonSNSConfiguration) -> Void = { _ in }) throws -> AmazonSNSRequest {
        var account = AmazonSNSConfiguration(
            region: "us-east-1", accessKeyID: vector.accessKeyId, secretAccessKey: vector.secret)
        account.text = "Your code is {code}"
        adjust(&account)
        let recipient = try #require(PhoneNumberForm(message.mobile))
        let address = try #require(GatewayAddress(account.baseURL))
        return AmazonSNSRequest(
            message, to: recipient, at: address, with: account, secondsSince1970: vector.secondsSince1970)
    }

    @Test("equals the worked example")
    func equalsVector() throws {
        let request = try request()
        #expect(String(buffer: request.body) == vector.body)
        #expect(request.headers["authorization"] == [vector.authorization])
        for (name, value) in vector.headers { #expect(request.headers[name] == [value]) }
        #expect(request.headers.count == vector.headers.count + 1)
    }

    @Test("is signed in the steps of the worked example")
    func signature() {
        let headers = vector.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let signature = AWSSignature(
            headers: headers, body: vector.body, region: "us-east-1", service: "sns",
            secondsSince1970: vector.secondsSince1970)
        #expect(signature.canonicalRequest.text == vector.canonicalRequest)
        #expect(signature.textToSign == vector.stringToSign)
        #expect(Digest.hexadecimal(signature.signingKey(secret: vector.secret)) == vector.signingKey)
    }

    @Test("signs the host that it is sent to")
    func host() throws {
        let request = try request { $0.baseURL = "http://127.0.0.1:8090" }
        #expect(request.headers["host"] == ["127.0.0.1:8090"])
        #expect(request.headers["authorization"] != [vector.authorization])
    }

    @Test(
        "names the port unless it is the scheme's own",
        arguments: [
            ("https://sns.example.com", "sns.example.com"), ("https://sns.example.com:443/", "sns.example.com"),
            ("https://sns.example.com:80", "sns.example.com:80"), ("http://localhost:80", "localhost"),
            ("http://[::1]:8090", "[::1]:8090"), ("", ""),
        ])
    func hostField(address: String, expected: String) {
        #expect((GatewayAddress(address)?.host ?? "") == expected)
    }

    @Test("signs the token of temporary credentials")
    func sessionToken() throws {
        let request = try request { $0.sessionToken = "made-up" }
        #expect(request.headers["x-amz-security-token"] == ["made-up"])
        let authorization = request.headers.first(name: "authorization")
        #expect(authorization?.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,") == true)
    }

    @Test("carries sender, price and number as attributes")
    func attributes() throws {
        let request = try request {
            $0.senderID = "Example"
            $0.maxPrice = "0.05"
            $0.originationNumber = "+15005550006"
        }
        let entry = "MessageAttributes.entry"
        let expected = [
            "\(entry).2.Name=AWS.SNS.SMS.SenderID", "\(entry).2.Value.DataType=String",
            "\(entry).2.Value.StringValue=Example", "\(entry).3.Name=AWS.SNS.SMS.MaxPrice",
            "\(entry).3.Value.DataType=Number", "\(entry).3.Value.StringValue=0.05",
            "\(entry).4.Name=AWS.MM.SMS.OriginationNumber", "\(entry).4.Value.DataType=String",
            "\(entry).4.Value.StringValue=%2B15005550006",
        ]
        #expect(String(buffer: request.body) == ([vector.body] + expected).joined(separator: "&"))
    }

    @Test(
        "writes the time in UTC at the calendar's edges",
        arguments: [
            (0, "19700101T000000Z"), (951_782_400, "20000229T000000Z"), (1_735_689_599, "20241231T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
        ])
    func timestamp(seconds: Int, expected: String) {
        #expect(AWSSignature.timestamp(secondsSince1970: seconds) == expected)
    }
}
