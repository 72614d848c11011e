import Testing

@testable import SMSProviders

/// What is the same for all gateways whose signature covers the whole request.
@Suite("A call that is signed as a whole", .timeLimit(.minutes(5)))
struct SignedCallTests {
    private static let calls = [GatewayCall.aliyun, .tencent]

    @Test(
        "looks at the HTTP status when the answer cannot be understood",
        arguments: [
            ("200 OK", SendOutcome.unknown(.ambiguous)), ("403 Forbidden", .badConfiguration(.auth)),
            ("429 Too Many Requests", .throttled(.rate, retryAfter: .seconds(7))),
            ("500 Internal Server Error", .unknown(.internal)), ("503 Service Unavailable", .retry(.internal)),
        ], calls)
    func garbage(_ answer: (status: String, expected: SendOutcome), call: GatewayCall) async throws {
        let body = "<html>13800138000 012345</html>"
        let result = try await call.result(of: .answer(answer.status, body, headers: ["Retry-After: 7"]))
        #expect(result.outcome == answer.expected)
        #expect(result.vendorCode == nil)
    }

    @Test("that finds no listener was certainly not sent", arguments: calls)
    func noListener(call: GatewayCall) async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        #expect(try await call.send(to: "http://127.0.0.1:\(port)").outcome == .retry(.connection))
    }

    @Test("that is reset after the request was read may have been sent", arguments: calls)
    func reset(call: GatewayCall) async throws {
        #expect(try await call.result(of: .reset).outcome == .unknown(.ambiguous))
    }

    @Test(
        "to an address that is none is a fault of the configuration", arguments: ["", "gateway", "ftp://127.0.0.1"],
        calls)
    func invalidAddress(baseURL: String, call: GatewayCall) async throws {
        #expect(try await call.send(to: baseURL).outcome == .badConfiguration(.param))
    }

    @Test("is not made for what is not a number", arguments: calls)
    func notANumber(call: GatewayCall) async throws {
        try await ScriptedGateway.with(.answer("200 OK", call.success)) { gateway in
            let result = try await call.send(to: "http://127.0.0.1:\(gateway.port)", mobile: "13900139000,13700137000")
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
    }
}
