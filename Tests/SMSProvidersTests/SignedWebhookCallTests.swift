import AsyncHTTPClient
import Foundation
import Testing

@testable import SMSProviders

@Suite("A call to a webhook", .timeLimit(.minutes(5)))
struct SignedWebhookCallTests {
    private func send(
        to url: String, mobile: String = "13800138000", secrets: [String] = [WebhookVectors.all.send.secret]
    ) async throws -> SendResult {
        let configuration = SignedWebhookConfiguration(url: url, secrets: secrets)
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        let provider = SignedWebhook(configuration: configuration, client: client) {
            Date(timeIntervalSince1970: 1_767_323_045)
        }
        let result = await provider.send(
            OutgoingMessage(mobile: mobile, code: "012345", validMinutes: 5, taskID: "task-1"))
        try await client.shutdown()
        for secret in ["bWFkZS11", "012345", "13800138000"] { #expect(!"\(result)".contains(secret)) }
        return result
    }

    private func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    @Test("bears a signature of what is on the wire, and is accepted")
    func accepted() async throws {
        let answer = GatewayScript.answer("200 OK", #"{"status":"accepted","provider_message_id":"m-1"}"#)
        try await ScriptedGateway.with(answer) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)/send?to=me")
            #expect(result == SendResult(.accepted, messageID: "m-1", detail: "accepted"))
            let request = try #require(gateway.requests.first)
            #expect(request.hasPrefix("POST /send?to=me HTTP/1.1\r\n"))
            let parts = request.components(separatedBy: "\r\n\r\n")
            let fields = Dictionary(
                uniqueKeysWithValues: parts[0].components(separatedBy: "\r\n").dropFirst()
                    .map { $0.components(separatedBy: ": ") }.map { ($0[0].lowercased(), $0[1]) })
            #expect(fields["webhook-id"] == "task-1")
            #expect(fields["user-agent"] == "sms-queue")
            let check = WebhookSignature(secrets: [try #require(WebhookSecret(WebhookVectors.all.send.secret))])
            #expect(
                check.isValid(
                    fields["webhook-signature"] ?? "", id: "task-1", timestamp: fields["webhook-timestamp"] ?? "",
                    body: parts[1].utf8, secondsSince1970: 1_767_323_045))
        }
    }

    @Test(
        "ends as the receiver's answer says",
        arguments: [
            ("204 No Content", "", SendOutcome.accepted),
            ("200 OK", #"{"status":"rejected","class":"bad_number"}"#, .badNumber(.number)),
            ("200 OK", "<html>", .unknown(.ambiguous)), ("410 Gone", "", .badConfiguration(.gone)),
            ("502 Bad Gateway", "<html>", .unknown(.internal)), ("503 Service Unavailable", "", .retry(.internal)),
        ])
    func answer(status: String, body: String, expected: SendOutcome) async throws {
        let result = try await result(of: .answer(status, body))
        #expect(result.outcome == expected)
    }

    @Test("never follows a redirect")
    func redirect() async throws {
        try await ScriptedGateway.with(.answer("200 OK", "")) { other in
            let location = "Location: http://127.0.0.1:\(other.port)/"
            let result = try await result(of: .answer("307 Temporary Redirect", "", headers: [location]))
            #expect(result.outcome == .badConfiguration(.param))
            #expect(other.requests.isEmpty)
        }
    }

    @Test("that finds no listener was certainly not sent")
    func noListener() async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        let result = try await send(to: "http://127.0.0.1:\(port)")
        #expect(result.outcome == .retry(.connection))
    }

    @Test("that is reset after the request was read may have been sent")
    func reset() async throws {
        let result = try await result(of: .reset)
        #expect(result.outcome == .unknown(.ambiguous))
    }

    @Test("is not made for what is not a number")
    func notANumber() async throws {
        try await ScriptedGateway.with(.answer("200 OK", "")) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)", mobile: "1380013800x")
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
    }

    @Test("is not made unsigned, or in the clear across a network")
    func unsafeSettings() async throws {
        try await ScriptedGateway.with(.answer("200 OK", "")) { gateway in
            let unsigned = try await send(to: "http://127.0.0.1:\(gateway.port)", secrets: ["whsec_bWFkZS11cA=="])
            #expect(unsigned.outcome == .badConfiguration(.param))
            #expect(gateway.requests.isEmpty)
        }
        let clear = try await send(to: "http://sms.example.com")
        #expect(clear.outcome == .badConfiguration(.param))
    }
}
