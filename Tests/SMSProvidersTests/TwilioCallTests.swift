import AsyncHTTPClient
import Foundation
import Testing

@testable import SMSProviders

@Suite("A call to Twilio", .timeLimit(.minutes(5)))
struct TwilioCallTests {
    private static let created = #"{"sid":"SM0f","status":"queued","error_code":null}"#

    private func send(to baseURL: String, mobile: String = "+15005550009") async throws -> SendResult {
        let vector = TwilioVectors.all.request
        let configuration = TwilioConfiguration(
            baseURL: baseURL, accountSID: vector.user, authToken: vector.password, sender: "+15005550006")
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        let message = OutgoingMessage(mobile: mobile, code: "012345", validMinutes: 5, taskID: "01HV")
        let result = await Twilio(configuration: configuration, client: client).send(message)
        try await client.shutdown()
        for secret in [vector.password, "012345", "5005550009", "QUNYW"] { #expect(!"\(result)".contains(secret)) }
        return result
    }

    private func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    @Test("is a form with basic authentication, and is accepted")
    func accepted() async throws {
        try await ScriptedGateway.with(.answer("201 Created", Self.created)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)/")
            #expect(result == SendResult(.accepted, messageID: "SM0f", detail: "accepted"))
            let request = try #require(gateway.requests.first)
            let vector = TwilioVectors.all.request
            #expect(request.hasPrefix("POST /2010-04-01/Accounts/\(vector.user)/Messages.json HTTP/1.1\r\n"))
            #expect(request.contains("\r\nAuthorization: \(vector.authorization)\r\n"))
            #expect(request.contains("\r\n\r\nTo=%2B15005550009&From=%2B15005550006&Body=012345%20"))
        }
    }

    @Test("is refused by the vendor's code, whatever the HTTP status is")
    func refused() async throws {
        let body = #"{"code":21610,"message":"Attempt to send to unsubscribed recipient +15005550009","status":400}"#
        let result = try await result(of: .answer("400 Bad Request", body))
        #expect(result.outcome == .badNumber(.blocked))
        #expect(result.vendorCode == "21610")
    }

    @Test(
        "that brings nothing readable is judged by the HTTP status",
        arguments: [
            ("200 OK", SendOutcome.unknown(.ambiguous)), ("401 Unauthorized", .badConfiguration(.auth)),
            ("502 Bad Gateway", .unknown(.internal)), ("503 Service Unavailable", .retry(.internal)),
        ])
    func garbage(status: String, expected: SendOutcome) async throws {
        let result = try await result(of: .answer(status, "<html>sorry</html>"))
        #expect(result.outcome == expected)
    }

    @Test("that finds no listener was certainly not sent")
    func noListener() async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        let result = try await send(to: "http://127.0.0.1:\(port)")
        #expect(result.outcome == .retry(.connection))
    }

    @Test("is not made for what is not a number")
    func notANumber() async throws {
        try await ScriptedGateway.with(.answer("201 Created", Self.created)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)", mobile: "+1500x")
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
    }
}
