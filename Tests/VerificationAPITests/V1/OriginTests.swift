import NIOHTTP1
import Testing
import VerificationAPI

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
            for path in ["captchas", "proof-of-work", "verifications", "verifications/resend", "verifications/check"] {
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
