import NIOHTTP1
import Operations
import Testing

@testable import VerificationAPI

/// Whose pages may ask.
@Suite(.timeLimit(.minutes(5)))
struct OriginTests {
    private static let listed = "https://shop.example"

    private func run(_ body: (RunningVerificationAPI) async throws -> Void) async throws {
        try await RunningVerificationAPI.run(configure: { $0.allowedOrigins = [Self.listed] }, body)
    }

    @Test(arguments: [
        [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "http://shop.example")],
        [("Origin", "https://shop.example:8443")], [("Origin", "https://shop.example.evil.example")],
        [("Origin", "https://SHOP.example")], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
        [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "same-origin")],
    ])
    func `Pages of other origins are refused, and no header invites them`(headers: [(String, String)]) async throws {
        try await run { system in
            for path in [
                "captchas", "proof-of-work", "verifications", "verifications/resend", "verifications/delivery",
                "verifications/check",
            ] {
                let answer = try await system.caller().post(path, headers: headers)
                #expect(answer.status == 403)
                #expect(try answer.problem() == "foreign-origin")
                let preflight = try await system.api.send(.OPTIONS, "/v1/\(path)", headers: headers)
                #expect(preflight.status == 405)
                for answer in [answer, preflight] {
                    #expect(answer.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-") })
                }
            }
            #expect(try await system.storedKeys().isEmpty)
        }
    }

    @Test func `Its own pages, and programs that are no browsers, may ask`() async throws {
        try await run { system in
            let own = [
                [], [("Origin", system.api.base), ("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
            ]
            for headers in own {
                let answer = try await system.caller().post("captchas", headers: headers)
                #expect(answer.status == 201)
                #expect(answer.headers["Access-Control-Allow-Origin"].isEmpty)
            }
        }
    }

    @Test func `The public address is its own, whatever host a proxy names`() async throws {
        func configure(_ parts: inout VerificationRouter.Version1) { parts.ownOrigin = "https://sms.example" }
        try await RunningVerificationAPI.run(configure: configure) { system in
            for (origin, site, status) in [
                ("https://sms.example", "same-origin", 201), ("https://sms.example", "cross-site", 403),
                ("https://sms.example:8443", "same-origin", 403), ("http://sms.example", "same-origin", 403),
                (system.api.base, "same-origin", 201),
            ] {
                let headers = [("Origin", origin), ("Sec-Fetch-Site", site)]
                let answer = try await system.caller().post("captchas", headers: headers)
                #expect(answer.status == status, "\(origin), \(site)")
                #expect(answer.headers["Access-Control-Allow-Origin"].isEmpty)
            }
        }
    }

    @Test(
        arguments: [
            ("https://sms.example", "https://sms.example"), ("HTTPS://SMS.Example:443/", "https://sms.example"),
            ("https://sms.example:8443/path", "https://sms.example:8443"), ("http://[::1]:80", "http://[::1]"),
            ("https://sms.example/a?b", "https://sms.example"), (nil, nil),
        ] as [(String?, String?)])
    func `An origin is read from the public address`(url: String?, origin: String?) throws {
        let settings = try Settings(
            declared: APIConfiguration.settings, environment: url.map { ["SMS_PUBLIC_URL": $0] } ?? [:])
        #expect(try APIConfiguration(settings).ownOrigin == origin)
    }

    @Test func `A listed origin's pages may ask, by its name and without cookies`() async throws {
        try await run { system in
            let headers = [("Origin", Self.listed), ("Sec-Fetch-Site", "cross-site")]
            let preflight = try await system.api.send(.OPTIONS, "/v1/verifications", headers: headers)
            #expect(preflight.status == 204)
            #expect(preflight.headers["Access-Control-Allow-Methods"] == ["GET, POST"])
            let answer = try await system.caller().start("13800138000", headers: headers)
            #expect(answer.status == 202)
            for answer in [preflight, answer] {
                #expect(answer.headers["Access-Control-Allow-Origin"] == [Self.listed])
                #expect(answer.headers["Vary"] == ["Origin"])
                #expect(answer.headers["Access-Control-Allow-Credentials"].isEmpty)
            }
        }
    }
}
