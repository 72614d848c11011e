import Foundation
import NIOHTTP1
import Testing
import VerificationAPI

@Suite(.timeLimit(.minutes(5)))
struct DemoPageTests {
    private static let files = [
        ("/", "text/html; charset=utf-8"), ("/demo.css", "text/css; charset=utf-8"),
        ("/demo.js", "text/javascript; charset=utf-8"), ("/favicon.ico", "image/svg+xml"),
    ]

    @Test(arguments: files)
    func `Every file is there, and HEAD tells its size`(path: String, type: String) async throws {
        try await withAPI { api in
            let answer = try await api.get(path)
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == [type])
            #expect(!answer.body.isEmpty)
            let head = try await api.send(.HEAD, path)
            #expect(head.status == 200)
            #expect(head.headers["Content-Length"] == ["\(answer.body.count)"])
            #expect(head.body.isEmpty)
        }
    }

    @Test func `Every answer has the security headers, refusals too`() async throws {
        try await withAPI { api in
            for path in ["/", "/demo.js", "/nothing", "/sms_codes/13800138000/", "/sms_codes/1/"] {
                let headers = try await api.get(path).headers
                let policy = try #require(headers.first(name: "Content-Security-Policy"))
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(headers["X-Content-Type-Options"] == ["nosniff"])
                #expect(headers["Referrer-Policy"] == ["no-referrer"])
                #expect(headers["Permissions-Policy"].count == 1)
            }
        }
    }

    @Test func `The page is whole: filled in, nothing inline, nothing from elsewhere, and small`() async throws {
        try await withAPI { api in
            let page = try await api.get("/").text
            #expect(page.contains(#"data-captcha-lifetime="300" data-code-lifetime="300" data-resend-interval="60""#))
            #expect(!page.contains("{{"))
            #expect(page.matches(of: /<script(?! src="\/demo\.js" defer><\/script>)/).isEmpty)
            #expect(page.matches(of: /<style| style=| on[a-z]+=/).isEmpty)
            #expect(page.matches(of: /(?:src|href)="(?!\/)/).isEmpty)
            var weight = 0
            for (path, _) in Self.files { weight += try await api.get(path).body.count }
            #expect(weight < 30_000)
        }
    }

    @Test func `Every text of the page is there in both languages`() async throws {
        try await withAPI { api in
            let page = try await api.get("/").text
            let script = try await api.get("/demo.js").text
            let keys = page.matches(of: /data-text="([a-z]+)"/).map { String($0.1) }
            #expect(keys.count >= 6)
            for key in keys {
                #expect(script.components(separatedBy: "\n    \(key): ").count == 3, "\(key)")
            }
        }
    }

    @Test func `The inbox is linked only where it is configured, and its address cannot break out`() async throws {
        try await withAPI { api in
            let page = try await api.get("/").text
            #expect(!page.contains(#"id="inbox""#))
        }
        let options = try DemoPageOptions(inboxURL: #"http://127.0.0.1:8090/?a=1&b="><script>"#)
        try await withAPI(demoPage: options) { api in
            let page = try await api.get("/").text
            #expect(page.contains(#"href="http://127.0.0.1:8090/?a=1&amp;b=&quot;&gt;&lt;script&gt;""#))
        }
    }

    @Test(arguments: ["javascript:alert(1)", "127.0.0.1:8090", ""])
    func `An inbox address that is no web address is refused with the remedy`(url: String) {
        let error = #expect(throws: InvalidInboxURL.self) { try DemoPageOptions(inboxURL: url) }
        #expect(error?.description.contains("http://127.0.0.1:8090/") == true)
    }
}
