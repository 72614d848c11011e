import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A call to Tencent", .timeLimit(.minutes(5)))
struct TencentCallTests {
    private static let success =
        #"{"Response":{"SendStatusSet":[{"SerialNo":"5000:10","Fee":1,"Code":"Ok","Message":"send success"}]}}"#

    /// Sends the message to an address and checks that the result gives nothing away.
    private func send(to baseURL: String, mobile: String = "13800138000") async throws -> SendResult {
        var configuration = TencentConfiguration.example
        configuration.baseURL = baseURL
        configuration.callTimeout = .seconds(20)
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        let provider = Tencent(configuration: configuration, client: client) {
            Date(timeIntervalSince1970: Double(TencentVector.message.timestamp))
        }
        var message = OutgoingMessage.example
        message.mobile = mobile
        let result = await provider.send(message)
        try await client.shutdown()
        for secret in [configuration.secretKey, "012345", "13800138000", "Signature="] {
            #expect(!"\(result)".contains(secret))
        }
        return result
    }

    private func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    @Test("is signed for the very host and path that it goes to", arguments: ["", "/", "/tencent"])
    func wire(path: String) async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.success)) { gateway in
            let baseURL = "http://127.0.0.1:\(gateway.port)\(path)"
            let result = try await send(to: baseURL)
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
        let result = try await result(of: .answer("200 OK", body))
        #expect(result.outcome == expected)
        #expect(result.messageID == nil)
    }

    @Test(
        "looks at the HTTP status when the answer cannot be understood",
        arguments: [
            ("200 OK", SendOutcome.unknown(.ambiguous)), ("403 Forbidden", .badConfiguration(.auth)),
            ("429 Too Many Requests", .throttled(.rate, retryAfter: .seconds(7))),
            ("500 Internal Server Error", .unknown(.internal)), ("503 Service Unavailable", .retry(.internal)),
        ])
    func garbage(status: String, expected: SendOutcome) async throws {
        let body = "<html>13800138000 012345</html>"
        let result = try await result(of: .answer(status, body, headers: ["Retry-After: 7"]))
        #expect(result.outcome == expected)
        #expect(result.vendorCode == nil)
    }

    @Test("that finds no listener was certainly not sent")
    func noListener() async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        #expect(try await send(to: "http://127.0.0.1:\(port)").outcome == .retry(.connection))
    }

    @Test("that is reset after the request was read may have been sent")
    func reset() async throws {
        #expect(try await result(of: .reset).outcome == .unknown(.ambiguous))
    }

    @Test("to an address that is none is a fault of the configuration", arguments: ["", "gateway", "ftp://127.0.0.1"])
    func invalidAddress(baseURL: String) async throws {
        #expect(try await send(to: baseURL).outcome == .badConfiguration(.param))
    }

    @Test("is not made for what is not a number")
    func notANumber() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.success)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)", mobile: "13900139000,13700137000")
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
    }
}
