import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SMSVerification
import Testing
import VerificationAPI

/// Requests that are not as they should be.
@Suite(.timeLimit(.minutes(5)))
struct RequestFormTests {
    private static let noObject = "The body is not a JSON object, or a number in it is not a whole one."

    @Test(arguments: [
        "", "{", "[]", "1", "null", #"{"mobile":13800138000}"#, #"{"mobile":null}"#, #"{"mobile":["13800138000"]}"#,
        #"{"mobile":"13800138000","purpose":"A B"}"#, #"{"mobile":"13800138000","captcha_id":"a"}"#,
        #"{"mobile":"13800138000","captcha_answer":"S3CRET"}"#, #"{"mobile":"13800138000","proof_of_work":"x"}"#,
        #"{"mobile":"\ud800"}"#, String(repeating: "[", count: 16_000),
        #"{"mobile":"# + String(repeating: #"{"a":"#, count: 3000),
    ])
    func `A body of another form is named as that, without what stands in it`(body: String) async throws {
        try await RunningVerificationAPI.run { system in
            let token = ClientToken.random().text
            let answer = try await system.api.send(
                .POST, "/v1/verifications",
                headers: [("Content-Type", "application/json"), ("Cookie", "sms_client=\(token)")],
                body: Array(body.utf8))
            #expect(answer.status == 400, "\(answer.text)")
            #expect(try answer.problem() == "invalid-request")
            for secret in ["13800138000", "S3CRET"] { #expect(!answer.text.contains(secret)) }
            #expect(try await system.storedKeys().isEmpty)
        }
    }

    @Test(arguments: [
        ("proof-of-work", #"{"pressure":"1"}"#, "pressure: expected a whole number."),
        ("proof-of-work", #"{"pressure":21}"#, "pressure: expected a whole number from 0 to 20."),
        ("proof-of-work", #"{"pressure":1.5}"#, Self.noObject),
        ("proof-of-work", #"{"pressure":1e400}"#, Self.noObject),
        ("verifications", "null", Self.noObject), ("verifications", "[]", Self.noObject),
        ("verifications", #"{"mobile":1}"#, "mobile: expected a text."),
        ("verifications", #"{"mobile":"1","locale":1}"#, "locale: expected a text."),
        ("verifications", #"{"mobile":"1","proof_of_work":1}"#, "proof_of_work: expected an object."),
        ("verifications", #"{"mobile":"1","proof_of_work":{}}"#, "proof_of_work.challenge: is missing."),
    ])
    func `The field at fault is named with what belongs there`(path: String, body: String, detail: String) async throws
    {
        try await RunningVerificationAPI.run { system in
            let answer = try await system.api.send(
                .POST, "/v1/\(path)", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
            #expect(answer.status == 400)
            #expect(try answer.member("detail", String.self) == detail)
        }
    }

    @Test(arguments: ["12345a", "1234567", "123", "", "１２３４５６", "-12345", "12 345"])
    func `What is no code is no try`(code: String) async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let answer = try await caller.check(id, "13800138000", code)
            #expect(answer.status == 400)
            #expect(try answer.problem() == "invalid-request")
            #expect(code.isEmpty || !answer.text.contains(code))
            let right = try await system.lastCode()
            let wrong = try await caller.check(id, "13800138000", right == "000000" ? "000001" : "000000")
            #expect(try wrong.member("attempts_left", Int.self) == 4)
        }
    }

    @Test(arguments: ["", " ", "\0", "\u{1F600}", "ﬁ\u{301}", "验证码", "A\nB", String(repeating: "A", count: 10_000)])
    func `A strange answer to a picture is a wrong one`(answer: String) async throws {
        try await RunningVerificationAPI.run { system in
            let refused = try await system.caller().start("13800138000", ["captcha_answer": answer])
            #expect(refused.status == 403)
            #expect(try refused.problem() == "proof-refused")
        }
    }

    @Test func `A body beyond the limit is 413, whether it says its length or not`() async throws {
        try await RunningVerificationAPI.run { system in
            let body = Array(#"{"mobile":"\#(String(repeating: "1", count: 20_000))"}"#.utf8)
            let json = ("Content-Type", "application/json")
            #expect(try await system.api.send(.POST, "/v1/verifications", headers: [json], body: body).status == 413)
            var request = HTTPClientRequest(url: "\(system.api.base)/v1/verifications")
            request.method = .POST
            request.headers = ["Content-Type": "application/json"]
            request.body = .bytes(body, length: .unknown)
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status.code == 413)
        }
    }

    @Test func `A client that has to wait is told how long, in header and body`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let answers = [
                try await caller.start("13800138000"), try await caller.post("verifications/resend", ["id": id]),
            ]
            for answer in answers {
                #expect(answer.status == 429)
                #expect(try answer.problem() == "too-many-requests")
                let seconds = try answer.member("retry_after", Int.self)
                #expect((1...60).contains(seconds))
                #expect(answer.headers["Retry-After"] == ["\(seconds)"])
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func `One client that asks for many numbers has to wait, whatever its address`() async throws {
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        let hops = TrustedHops(count: 1, header: .xForwardedFor, proxies: [loopback])
        try await RunningVerificationAPI.run(hops: hops) { system in
            func start(_ caller: Caller, _ index: Int) async throws -> RunningAPI.Answer {
                let headers = [("X-Forwarded-For", "203.0.113.\(index)")]
                return try await caller.start("138\(1000 + index * 37)8000", headers: headers)
            }
            let caller = system.caller()
            for index in 0..<10 { #expect(try await start(caller, index).status == 202) }
            let answer = try await start(caller, 10)
            #expect(answer.status == 429)
            #expect(try answer.problem() == "too-many-requests")
            #expect((3500...3600).contains(try answer.member("retry_after", Int.self)))
            #expect(try await start(system.caller(), 10).status == 202)
        }
    }

    @Test func `The client is known by its cookie, which no script and no other site gets`() async throws {
        for isSecure in [false, true] {
            func configure(_ parts: inout VerificationRouter.Version1) { parts.isSecure = isSecure }
            try await RunningVerificationAPI.run(configure: configure) { system in
                let json = ("Content-Type", "application/json")
                let first = try await system.api.send(.POST, "/v1/captchas", headers: [json], body: Array("{}".utf8))
                let cookie = try #require(first.headers["Set-Cookie"].first)
                let parts = cookie.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
                #expect(parts.contains("HttpOnly") && parts.contains("SameSite=Strict") && parts.contains("Path=/v1"))
                #expect(parts.contains("Secure") == isSecure)
                #expect(!cookie.contains("Domain"))
                let token = try first.member("client_token", String.self)
                #expect(ClientToken(token) != nil && parts[0] == "sms_client=\(token)")

                let image = try first.member("image", String.self).replacing("data:image/png;base64,", with: "")
                let text = String(decoding: try #require(Data(base64Encoded: image)), as: UTF8.self)
                let id = try first.member("id", String.self)
                let body = #"{"mobile":"13800138000","captcha_id":"\#(id)","captcha_answer":"\#(text)"}"#
                let sent = try await system.api.send(
                    .POST, "/v1/verifications", headers: [json, ("Cookie", parts[0])], body: Array(body.utf8))
                #expect(sent.status == 202)
            }
        }
    }

    @Test func `Headers about a client's address count from trusted proxies alone`() async throws {
        func statuses(_ hops: TrustedHops) async throws -> [Int] {
            var statuses: [Int] = []
            try await RunningVerificationAPI.run(hops: hops) { system in
                for index in 0..<12 {
                    let headers = [("X-Forwarded-For", "203.0.113.\(index)")]
                    let answer = try await system.caller().start("138\(1000 + index * 37)8000", headers: headers)
                    statuses.append(answer.status)
                }
            }
            return statuses
        }
        #expect(try await statuses(.none) == Array(repeating: 202, count: 10) + [429, 429])
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        let trusting = TrustedHops(count: 1, header: .xForwardedFor, proxies: [loopback])
        #expect(try await statuses(trusting) == Array(repeating: 202, count: 12))
        let elsewhere = try #require(AddressRange("192.0.2.0/24"))
        let mistrusting = TrustedHops(count: 1, header: .xForwardedFor, proxies: [elsewhere])
        #expect(try await statuses(mistrusting).suffix(2) == [429, 429])
    }
}
