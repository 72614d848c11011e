import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import SMSProviders

@Suite("A call to Yuntongxun", .timeLimit(.minutes(5)))
struct YuntongxunCallTests {
    private static let success =
        #"{"statusCode":"000000","templateSMS":{"dateCreated":"20130201155306","smsMessageSid":"ff80"}}"#
    private static let token = "ffeeddccbbaa99887766554433221100"
    private static let message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")

    /// Sends the message to an address and checks that the result gives nothing away.
    private func send(
        to baseURL: String, connectTimeout: Duration = .seconds(5),
        _ adjust: (inout YuntongxunConfiguration) -> Void = { _ in }
    ) async throws -> SendResult {
        var configuration = YuntongxunConfiguration(
            baseURL: baseURL, accountSID: "00112233445566778899aabbccddeeff", authToken: Self.token,
            appID: "8a216da8000000000000000000000002")
        configuration.callTimeout = .seconds(20)
        adjust(&configuration)
        let client = HTTPClient(configuration: .smsGateway(connectTimeout: connectTimeout))
        let now = YuntongxunVector.all[0].secondsSince1970
        let provider = Yuntongxun(configuration: configuration, client: client) {
            .init(timeIntervalSince1970: Double(now))
        }
        let result = await provider.send(Self.message)
        try await client.shutdown()
        for secret in [Self.token, "012345", "13800138000", YuntongxunVector.all[0].sig, "MDAxMTIy"] {
            #expect(!"\(result)".contains(secret))
        }
        return result
    }

    private func result(of script: GatewayScript) async throws -> SendResult {
        try await ScriptedGateway.with(script) { gateway in try await send(to: "http://127.0.0.1:\(gateway.port)") }
    }

    @Test("is on the wire what the vendor's own client would send")
    func wire() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.success)) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)/")
            #expect(result == SendResult(.accepted, vendorCode: "000000", messageID: "ff80", detail: "000000 accepted"))
            let request = try #require(gateway.requests.first)
            #expect(gateway.requests.count == 1)
            let vector = YuntongxunVector.all[0]
            #expect(request.hasPrefix("POST \(vector.path) HTTP/1.1\r\n"))
            #expect(request.hasSuffix("\r\n\r\n\(vector.body)"))
            let head = Set(request.components(separatedBy: "\r\n").dropFirst().prefix { !$0.isEmpty })
            #expect(
                head.map { $0.lowercased() }.sorted() == [
                    "accept: application/json", "authorization: \(vector.authorization)".lowercased(),
                    "content-length: 103", "content-type: application/json;charset=utf-8",
                    "host: 127.0.0.1:\(gateway.port)",
                ])
        }
    }

    @Test("takes the vendor's word over the HTTP status")
    func vendorCodeBeforeStatus() async throws {
        let result = try await result(of: .answer("500 Internal Server Error", #"{"statusCode":"160042"}"#))
        #expect(result.outcome == .badNumber(.number))
        #expect(result.vendorCode == "160042")
    }

    @Test("that repeats one counts as accepted where calls are identified, and is unclear elsewhere")
    func repeated() async throws {
        try await ScriptedGateway.with(.answer("200 OK", #"{"statusCode":"160054"}"#)) { gateway in
            let url = "http://127.0.0.1:\(gateway.port)"
            let unclear = try await send(to: url)
            #expect(unclear.outcome == .unknown(.duplicate))
            let recognised = try await send(to: url) { $0.identifiesRequests = true }
            #expect(recognised.outcome == .accepted)
        }
    }

    @Test(
        "looks at the HTTP status when the answer cannot be understood",
        arguments: [
            ("200 OK", SendOutcome.unknown(.ambiguous)), ("302 Found", .unknown(.ambiguous)),
            ("400 Bad Request", .unknown(.ambiguous)), ("401 Unauthorized", .badConfiguration(.auth)),
            ("403 Forbidden", .badConfiguration(.auth)), ("404 Not Found", .badConfiguration(.param)),
            ("405 Method Not Allowed", .badConfiguration(.param)), ("408 Request Timeout", .unknown(.ambiguous)),
            ("415 Unsupported Media Type", .badConfiguration(.param)),
            ("429 Too Many Requests", .throttled(.rate, retryAfter: nil)),
            ("500 Internal Server Error", .unknown(.internal)), ("502 Bad Gateway", .unknown(.internal)),
            ("503 Service Unavailable", .retry(.internal)), ("504 Gateway Timeout", .unknown(.internal)),
        ])
    func status(status: String, expected: SendOutcome) async throws {
        let result = try await result(of: .answer(status, "<html>13800138000 012345</html>"))
        #expect(result.outcome == expected)
        #expect(result.vendorCode == nil)
    }

    @Test(
        "reads how long to wait",
        arguments: [
            ("7", Duration.seconds(7)), ("999999999", .seconds(86_400)), ("-1", nil), ("soon", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ])
    func retryAfter(field: String, expected: Duration?) async throws {
        let result = try await result(of: .answer("429 Too Many Requests", "", headers: ["Retry-After: \(field)"]))
        #expect(result.outcome == .throttled(.rate, retryAfter: expected))
    }

    @Test("never follows a redirect")
    func redirect() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.success)) { other in
            let location = "Location: http://127.0.0.1:\(other.port)/"
            let result = try await result(of: .answer("302 Found", "", headers: [location]))
            #expect(result.outcome == .unknown(.ambiguous))
            #expect(other.requests.isEmpty)
        }
    }

    @Test("that finds no listener was certainly not sent")
    func refused() async throws {
        let port = try await ScriptedGateway.with(.hang) { $0.port }
        let result = try await send(to: "http://127.0.0.1:\(port)")
        #expect(result.outcome == .retry(.connection))
    }

    @Test("to a host that does not exist was certainly not sent")
    func unknownHost() async throws {
        let label = String(repeating: "a", count: 64)  // longer than a label may be: fails without asking a server
        let result = try await send(to: "http://\(label).invalid")
        #expect(result.outcome == .retry(.connection))
    }

    @Test("that fails in the TLS handshake was certainly not sent")
    func brokenHandshake() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            let result = try await send(to: "https://127.0.0.1:\(gateway.port)", connectTimeout: .milliseconds(200))
            #expect(result.outcome == .retry(.connection))
            #expect(gateway.requests.isEmpty)
        }
    }

    @Test("that gets no answer in time may have been sent")
    func timeout() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)") {
                $0.callTimeout = .seconds(1)
            }
            #expect(result.outcome == .unknown(.ambiguous))
            #expect(gateway.requests.count == 1)
        }
    }

    @Test("whose answer stops half way may have been sent")
    func stalledAnswer() async throws {
        let script = GatewayScript.begin("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"statusCode\":")
        try await ScriptedGateway.with(script) { gateway in
            let result = try await send(to: "http://127.0.0.1:\(gateway.port)") {
                $0.callTimeout = .seconds(1)
            }
            #expect(result.outcome == .unknown(.ambiguous))
        }
    }

    @Test("that is reset after the request was read may have been sent")
    func reset() async throws {
        let result = try await result(of: .reset)
        #expect(result.outcome == .unknown(.ambiguous))
    }

    @Test("that is closed after the request was read may have been sent")
    func closed() async throws {
        let result = try await result(of: .answer(""))
        #expect(result.outcome == .unknown(.ambiguous))
    }

    @Test("that is answered by something that is not HTTP may have been sent")
    func notHTTP() async throws {
        let result = try await result(of: .answer("+OK ready\r\n\r\n"))
        #expect(result.outcome == .unknown(.ambiguous))
    }

    @Test("whose answer is too large may have been sent")
    func tooLarge() async throws {
        let result = try await result(of: .answer("200 OK", String(repeating: " ", count: 70_000)))
        #expect(result.outcome == .unknown(.ambiguous))
        #expect(result.detail == "the answer was too large, after the request was sent")
    }

    @Test("that is cancelled while it waits may have been sent, and ends at once")
    func cancelled() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            let call = Task { try await send(to: "http://127.0.0.1:\(gateway.port)") }
            while gateway.requests.isEmpty { await Task.yield() }
            call.cancel()
            let result = try await call.value
            #expect(result.outcome == .unknown(.ambiguous))
        }
    }

    enum BreakOff: CaseIterable {
        case timeout
        case cancellation
    }

    @Test("that the gateway has read is never reported as unsent, whenever it breaks off", arguments: BreakOff.allCases)
    func brokenOffAnywhere(_ kind: BreakOff) async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            let client = HTTPClient(configuration: .smsGateway(connections: 400))
            var account = YuntongxunConfiguration(
                baseURL: "http://127.0.0.1:\(gateway.port)", accountSID: "a", authToken: "b", appID: "c")
            var unsent: [String] = []
            var call = 0
            while call < 300 || gateway.requests.isEmpty {
                let moment = Duration.microseconds(call * 10)
                if kind == .timeout { account.callTimeout = moment }
                let provider = Yuntongxun(configuration: account, client: client)
                let message = OutgoingMessage(
                    mobile: "13800138000", code: String(100_000 + call), validMinutes: 5, taskID: "t")
                let sending = Task { await provider.send(message).outcome }
                if kind == .cancellation {
                    try await Task.sleep(for: moment)
                    sending.cancel()
                }
                switch await sending.value {
                case .retry: unsent.append(message.code)
                case .unknown: break
                case let other: Issue.record("\(other)")
                }
                call += 1
            }
            try await client.shutdown()
            let read = gateway.requests
            #expect(!unsent.isEmpty)
            #expect(unsent.filter { code in read.contains { $0.contains("\"\(code)\"") } }.isEmpty)
        }
    }

    @Test("that is cancelled before it begins was certainly not sent")
    func cancelledBefore() async throws {
        try await ScriptedGateway.with(.hang) { gateway in
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await send(to: "http://127.0.0.1:\(gateway.port)")
            }
            let outcome = try await call.value.outcome
            // Cancelling is a race with the connection; what counts is that the word is true.
            #expect(outcome == .retry(.cancelled) && gateway.requests.isEmpty || outcome == .unknown(.ambiguous))
        }
    }

    @Test("to an address that is none is a fault of the configuration", arguments: ["", "gateway", "ftp://127.0.0.1"])
    func invalidAddress(baseURL: String) async throws {
        let result = try await send(to: baseURL)
        #expect(result.outcome == .badConfiguration(.param))
    }

    @Test("is not made for what is not a number")
    func notANumber() async throws {
        try await ScriptedGateway.with(.answer("200 OK", Self.success)) { gateway in
            let client = HTTPClient(configuration: .smsGateway())
            let account = YuntongxunConfiguration(
                baseURL: "http://127.0.0.1:\(gateway.port)", accountSID: "a", authToken: "b", appID: "c")
            var message = Self.message
            message.mobile = "12345678901,13800138000"
            let result = await Yuntongxun(configuration: account, client: client).send(message)
            try await client.shutdown()
            #expect(result.outcome == .badNumber(.number))
            #expect(gateway.requests.isEmpty)
        }
    }
}
