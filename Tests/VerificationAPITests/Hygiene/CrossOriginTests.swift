import NIOHTTP1
import Testing

@testable import VerificationAPI

/// Which pages may use `/v1`.
@Suite(.timeLimit(.minutes(5))) struct CrossOriginTests {
    private static let listed = "https://shop.example"

    struct Sender: Sendable, CustomTestStringConvertible {
        var origin: String?
        var site: String?
        var isAllowed: Bool
        var testDescription: String { "Origin: \(origin ?? "none"), Sec-Fetch-Site: \(site ?? "none")" }

        var headers: [(String, String)] {
            (origin.map { [("Origin", $0)] } ?? []) + (site.map { [("Sec-Fetch-Site", $0)] } ?? [])
        }
    }

    /// `HOST` stands for the service's own address.
    private static let senders = [
        Sender(origin: nil, site: nil, isAllowed: true), Sender(origin: nil, site: "none", isAllowed: true),
        Sender(origin: nil, site: "same-origin", isAllowed: true),
        Sender(origin: nil, site: "same-site", isAllowed: false),
        Sender(origin: nil, site: "cross-site", isAllowed: false),
        Sender(origin: "http://HOST", site: nil, isAllowed: true),
        Sender(origin: "http://HOST", site: "same-origin", isAllowed: true),
        Sender(origin: "http://HOST", site: "cross-site", isAllowed: false),
        Sender(origin: "https://evil.example", site: nil, isAllowed: false),
        Sender(origin: "https://evil.example", site: "cross-site", isAllowed: false),
        // A lie that no browser tells.
        Sender(origin: "https://evil.example", site: "same-origin", isAllowed: false),
        Sender(origin: "null", site: "cross-site", isAllowed: false), Sender(origin: "", site: nil, isAllowed: false),
        Sender(origin: listed, site: "cross-site", isAllowed: true),
        Sender(origin: listed, site: "same-site", isAllowed: true),
        Sender(origin: "http://shop.example", site: "cross-site", isAllowed: false),
        Sender(origin: "\(listed):8443", site: "cross-site", isAllowed: false),
        Sender(origin: "\(listed).evil.example", site: "cross-site", isAllowed: false),
    ]

    private static let paths = [
        "/v1/captchas", "/v1/proof-of-work", "/v1/verifications", "/v1/verifications/resend",
        "/v1/verifications/delivery", "/v1/verifications/check",
    ]

    @Test func `A page of an origin that is not listed is refused on every route`() async throws {
        try await withService(\.allowedOrigins, [Self.listed]) { api in
            for sender in Self.senders {
                let headers = sender.headers.map { ($0, $1.replacing("HOST", with: api.host)) }
                for path in Self.paths {
                    let answer = try await api.post(path, headers: headers)
                    let isRefused = answer.text.contains("urn:sms-queue:problem:foreign-origin")
                    #expect(isRefused != sender.isAllowed, "\(path), \(sender.testDescription)")
                    #expect(answer.headers["Set-Cookie"].isEmpty || sender.isAllowed)
                    let shared = answer.headers["Access-Control-Allow-Origin"]
                    #expect(shared == (sender.origin == Self.listed ? [Self.listed] : []))
                    #expect(answer.headers["Access-Control-Allow-Credentials"].isEmpty)
                    if sender.origin == Self.listed { #expect(answer.headers["Vary"].contains("Origin")) }
                }
            }
        }
    }

    @Test func `Only a listed origin's preflight is answered`() async throws {
        try await withService(\.allowedOrigins, [Self.listed]) { api in
            for (origin, isListed) in [(Self.listed, true), ("https://evil.example", false), ("null", false)] {
                let answer = try await api.send(
                    .OPTIONS, "/v1/verifications",
                    headers: [
                        ("Origin", origin), ("Access-Control-Request-Method", "POST"),
                        ("Access-Control-Request-Headers", "content-type,idempotency-key"),
                    ])
                #expect(answer.status == (isListed ? 204 : 405))
                #expect(answer.headers["Access-Control-Allow-Origin"] == (isListed ? [origin] : []))
                #expect(answer.headers["Access-Control-Allow-Headers"].isEmpty != isListed)
                #expect(answer.headers["Cache-Control"] == ["no-store"])
            }
        }
    }

    @Test func `Without a list nobody gets an answer to share`() async throws {
        try await withService { api in
            for path in Self.paths + ["/", "/openapi.json", "/.well-known/jwks.json"] {
                let answer = try await api.send(.OPTIONS, path, headers: [("Origin", Self.listed)])
                #expect(answer.status == 405, "\(path)")
                #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control-") }, "\(path)")
            }
        }
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
        "text/plain;application/json",
        "",
    ])
    func `What a page's form can send without a preflight is no JSON`(type: String) async throws {
        try await withService { api in
            for path in Self.paths {
                let headers = type.isEmpty ? [] : [("Content-Type", type)]
                let answer = try await api.send(.POST, path, headers: headers, body: Array(#"{"mobile":"1"}"#.utf8))
                #expect(answer.status == 415, "\(path)")
                #expect(answer.headers["Set-Cookie"].isEmpty)
            }
        }
    }
}
