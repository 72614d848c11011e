import AsyncHTTPClient
import Foundation
import Testing

@testable import SMSProviders

@Suite("A call to Amazon SNS", .timeLimit(.minutes(5)))
struct AmazonSNSCallTests {
    private static let accepted =
        "<PublishResponse><PublishResult><MessageId>94f2</MessageId></PublishResult></PublishResponse>"

    private func send(to baseURL: String, mobile: String = "13800138000") async throws -> SendResult {
        let vector = AmazonSNSVector.all[0]
        let configuration = AmazonSNSConfiguration(
            baseURL: baseURL, region: "us-east-1", accessKeyID: vector.accessKeyId, secretAccessKey: vector.secret)
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
        let provider = AmazonSNS(configuration: configuration, client: client) {
            Date(timeIntervalSince1970: Double(vector.secondsSince1970))
        }
        let result = await provider.send(
            OutgoingMessage(mobile: mobile, code: "012345", validMinutes: 5, taskID: "t"))
        try await client.shutdown()
        for secret in [vector.secret, "012345", "13800138000"] { #expect(!"\(result)".contains(secret)) }
        return result
    }

    private func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    @Test("bears a signature of what is on the wire, and is accepted")
    func accepted() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.accepted)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)/")
            #expect(result == SendResult(.accepted, messageID: "94f2", detail: "accepted"))
            let request = try #require(gateway.requests.first)
            #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
            let parts = request.components(separatedBy: "\r\n\r\n")
            let fields = parts[0].components(separatedBy: "\r\n").dropFirst()
                .map { $0.components(separatedBy: ": ") }.map { (name: $0[0].lowercased(), value: $0[1]) }
            #expect(fields.filter { $0.name == "host" }.map(\.value) == ["127.0.0.1:\(gateway.port)"])
            let vector = AmazonSNSVector.all[0]
            let signed = fields.filter { ["content-type", "host", "x-amz-date"].contains($0.name) }
            let signature = AWSSignature(
                headers: signed, body: parts[1], region: "us-east-1", service: "sns",
                secondsSince1970: vector.secondsSince1970)
            let expected = signature.authorization(keyID: vector.accessKeyId, secret: vector.secret)
            #expect(fields.first { $0.name == "authorization" }?.value == expected)
        }
    }

    @Test("is refused by the vendor's code, whatever the HTTP status is")
    func refused() async throws {
        let body =
            "<ErrorResponse><Error><Code>OptedOut</Code><Message>+8613800138000</Message></Error></ErrorResponse>"
        let result = try await result(of: .answer("400 Bad Request", body))
        #expect(result.outcome == .badNumber(.blocked))
        #expect(result.vendorCode == "OptedOut")
    }

    @Test(
        "that brings nothing readable is judged by the HTTP status",
        arguments: [
            ("200 OK", SendOutcome.unknown(.ambiguous)), ("403 Forbidden", .badConfiguration(.auth)),
            ("500 Internal Server Error", .unknown(.internal)), ("503 Service Unavailable", .retry(.internal)),
        ])
    func garbage(status: String, expected: SendOutcome) async throws {
        let result = try await result(of: .answer(status, "<html>sorry"))
        #expect(result.outcome == expected)
    }

    @Test("that finds no listener was certainly not sent")
    func noListener() async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        let result = try await send(to: "http://127.0.0.1:\(port)")
        #expect(result.outcome == .retry(.connection))
    }

    @Test("is not made for what is not a number, or to an address that is none")
    func notMade() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.accepted)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)", mobile: "1380013800x")
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
        for address in ["", "gateway", "ftp://127.0.0.1"] {
            let result = try await send(to: address)
            #expect(result.outcome == .badConfiguration(.param))
        }
    }
}
