import CaptchaImage
import Foundation
import NIOHTTP1
import Testing

@testable import VerificationAPI

@Suite(.timeLimit(.minutes(5)))
struct DemoPageTests {
    private static let scripts = [
        "/page.js", "/api.js", "/language.js", "/memory.js", "/proof.js", "/proof-of-work.js", "/receipt.js",
        "/texts.js",
    ]
    private static let files =
        [
            ("/", "text/html; charset=utf-8"), ("/page.css", "text/css; charset=utf-8"),
            ("/favicon.ico", "image/svg+xml"),
        ] + scripts.map { ($0, "text/javascript; charset=utf-8") }

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
            for path in ["/", "/page.js", "/proof-of-work.js", "/nothing", "/sms_codes/13800138000/", "/sms_codes/1/"] {
                let headers = try await api.get(path).headers
                let policy = try #require(headers.first(name: "Content-Security-Policy"))
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
                #expect(policy.contains("worker-src 'self';"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("require-trusted-types-for 'script'"))
                #expect(!policy.contains("unsafe"))
                #expect(headers["X-Content-Type-Options"] == ["nosniff"])
                #expect(headers["Referrer-Policy"] == ["no-referrer"])
                #expect(headers["Permissions-Policy"].count == 1)
            }
        }
    }

    @Test func `The page is whole: nothing inline, nothing from elsewhere, and small`() async throws {
        try await withAPI { api in
            let page = try await api.get("/").text
            #expect(!page.contains("{{"))
            #expect(page.matches(of: /<script(?! src="\/page\.js" type="module"><\/script>)/).isEmpty)
            #expect(page.matches(of: /<style| style=| on[a-z]+=/).isEmpty)
            #expect(page.matches(of: /(?:src|href)="(?!\/)/).isEmpty)
            var weight = 0
            for (path, _) in Self.files { weight += try await api.get(path).body.count }
            #expect(weight < 60_000)
        }
    }

    @Test func `A script imports what is served, and no script writes markup`() async throws {
        try await withAPI { api in
            for path in Self.scripts {
                let script = try await api.get(path).text
                for imported in script.matches(of: /from "([^"]+)"/) {
                    #expect(Self.scripts.contains(String(imported.1)), "\(path)")
                }
                #expect(script.matches(of: /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/).isEmpty)
            }
        }
    }

    @Test func `Every text of the page is there in both languages, with words for every problem`() async throws {
        try await withAPI { api in
            let page = try await api.get("/").text
            let texts = try await api.get("/texts.js").text
            let names = texts.matches(of: #/\n    "?([A-Za-z_-]+)"?: /#).map { String($0.1) }
            let languages = [names.prefix(names.count / 2), names.suffix(names.count / 2)]
            #expect(languages[0].elementsEqual(languages[1]))
            let needed =
                page.matches(of: /data-text="([A-Za-z]+)"/).map { String($0.1) }
                + ProblemType.allCases.map(\.rawValue)
            #expect(needed.count > 20)
            for name in needed { #expect(languages[0].contains(name), "\(name)") }
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

    @Test func `Of pictures with rows people are told which to read first`() async throws {
        for hasRows in [false, true] {
            var options = DemoPageOptions()
            options.picturesHaveRows = hasRows
            try await withAPI(demoPage: options) { api in
                let page = try await api.get("/").text
                #expect(page.contains(#"<span data-text="upperRowFirst"></span></label>"#) == hasRows)
                #expect(!page.contains("{{"))
                let texts = try await api.get("/texts.js").text
                #expect(texts.ranges(of: "upperRowFirst: ").count == 2)
            }
        }
        try await withService(\.captchaDesign, .rows) { api in
            let page = try await api.get("/").text
            #expect(page.contains("upperRowFirst"))
        }
    }

    @Test(arguments: ["javascript:alert(1)", "127.0.0.1:8090", ""])
    func `An inbox address that is no web address is refused with the remedy`(url: String) {
        let error = #expect(throws: InvalidInboxURL.self) { try DemoPageOptions(inboxURL: url) }
        #expect(error?.description.contains("http://127.0.0.1:8090/") == true)
    }
}
