import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A call to Tencent", .timeLimit(.minutes(5)))
struct TencentCallTests {
    private let call = GatewayCall.tencent

    @Test("is signed for the very host and path that it goes to", arguments: ["", "/", "/tencent"])
    func wire(path: String) async throws {
        try await ScriptedGateway.with(.answer("200 OK", call.success)) { gateway in
            let baseURL = "http://127.0.0.1:\(gateway.port)\(path)"
            let result = try await call.send(to: baseURL)
            #expect(result.outcome == .accepted)
            #expect(result.messageID == "5000:10")
            #expect(gateway.requests.count == 1)
            let request = try ReceivedRequest(#require(gateway.requests.first))
            #expect(request.line == "POST \(path.isEmpty ? "/" : path) HTTP/1.1")
            #expect(request.body == TencentVector.message.body)
            let expected = TencentRequest(
                .example, to: try #require(PhoneNumberForm("13800138000")), at: try #require(GatewayAddress(baseURL)),
                with: .example, secondsSince1970: TencentVector.message.timestamp)
            for (name, value) in expected.headers { #expect(request.headers[name] == [value]) }
            #expect(request.headers["host"] == ["127.0.0.1:\(gateway.port)"])
            #expect(request.headers["content-length"] == [String(request.body.utf8.count)])
        }
    }

    @Test(
        "may be refused with HTTP status 200, as a whole or for its number",
        arguments: [
            (
                #"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"},"RequestId":"r"}}"#,
                SendOutcome.badConfiguration(.auth)
            ),
            (
                #"{"Response":{"SendStatusSet":[{"Code":"LimitExceeded.PhoneNumberDailyLimit","SerialNo":""}]}}"#,
                .throttled(.number, retryAfter: nil)
            ),
        ])
    func refused(body: String, expected: SendOutcome) async throws {
        let result = try await call.result(of: .answer("200 OK", body))
        #expect(result.outcome == expected)
        #expect(result.messageID == nil)
    }
}
