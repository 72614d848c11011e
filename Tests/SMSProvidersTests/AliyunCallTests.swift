import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A call to Aliyun", .timeLimit(.minutes(5)))
struct AliyunCallTests {
    private let call = GatewayCall.aliyun

    @Test("is signed for the very host and path that it goes to", arguments: ["", "/", "/aliyun"])
    func wire(path: String) async throws {
        try await ScriptedGateway.with(.answer("200 OK", call.success)) { gateway in
            let baseURL = "http://127.0.0.1:\(gateway.port)\(path)"
            let result = try await call.send(to: baseURL)
            #expect(
                result == SendResult(.accepted, vendorCode: "OK", messageID: "9006^0", detail: "OK accepted"))
            #expect(gateway.requests.count == 1)
            let request = try ReceivedRequest(#require(gateway.requests.first))
            #expect(request.line == "POST \(path.isEmpty ? "/" : path) HTTP/1.1")
            #expect(request.body == AliyunVector.form.body)
            let expected = AliyunRequest(
                .example, to: try #require(PhoneNumberForm("13800138000")), at: try #require(GatewayAddress(baseURL)),
                with: .example, secondsSince1970: AliyunVector.form.secondsSince1970,
                nonce: try #require(request.headers.first(name: "x-acs-signature-nonce")))
            for (name, value) in expected.headers { #expect(request.headers[name] == [value]) }
            #expect(request.headers["host"] == ["127.0.0.1:\(gateway.port)"])
            #expect(request.headers["content-length"] == [String(request.body.utf8.count)])
        }
    }

    @Test("never has a nonce twice")
    func nonces() async throws {
        try await ScriptedGateway.with(.answer("200 OK", call.success)) { gateway in
            for _ in 1...3 { _ = try await call.send(to: "http://127.0.0.1:\(gateway.port)") }
            let nonces = try gateway.requests.map { try ReceivedRequest($0).headers["x-acs-signature-nonce"] }
            #expect(Set(nonces).count == 3)
        }
    }

    @Test("may be refused with HTTP status 200")
    func refused() async throws {
        let body = #"{"RequestId":"r","Message":"13800138000","Code":"isv.MOBILE_NUMBER_ILLEGAL"}"#
        let result = try await call.result(of: .answer("200 OK", body))
        #expect(result.outcome == .badNumber(.number))
        #expect(result.vendorCode == "isv.MOBILE_NUMBER_ILLEGAL")
    }
}
