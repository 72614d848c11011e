import AsyncHTTPClient
import Foundation
import Logging
import NIOHTTP1
import Testing

@testable import SandboxGateway

@Suite("The sandbox's inbox", .timeLimit(.minutes(5)))
struct InboxTests {
    private static func call(_ mobile: Int, code: String = "012345") -> TemplateCall {
        var call = TemplateCall()
        call.to = "\"\(mobile)\""
        call.datas = "[\"\(code)\",\"5\"]"
        return call
    }

    @Test("lists the newest first, and can be asked for one number and for few")
    func list() async throws {
        try await RunningSandbox.with { sandbox in
            for mobile in 13_800_138_000...13_800_138_004 {
                #expect(try await sandbox.send(Self.call(mobile)) == "000000")
            }
            let all = try await sandbox.messages()
            #expect(all.compactMap { $0["id"] as? Int } == [5, 4, 3, 2, 1])
            #expect(try await sandbox.messages("?limit=2").count == 2)
            #expect(try await sandbox.messages("?limit=0").isEmpty)
            let one = try await sandbox.messages("?mobile=13800138002&limit=9")
            #expect(one.compactMap { $0["id"] as? Int } == [3])
            #expect(sandbox.server.inbox.messages(to: "13800138002").map(\.code) == ["012345"])
            let wrong = try await sandbox.request(.GET, "/messages?limit=many")
            #expect(wrong.status == 400)
        }
    }

    @Test("forgets the oldest message when it is full")
    func capacity() async throws {
        var configuration = SandboxConfiguration()
        configuration.inboxCapacity = 3
        try await RunningSandbox.with(configuration) { sandbox in
            for mobile in 13_800_138_000...13_800_138_004 { _ = try await sandbox.send(Self.call(mobile)) }
            #expect(sandbox.server.inbox.messages().map(\.id) == [5, 4, 3])
        }
    }

    @Test("counts what came, what was taken and what was refused by code")
    func statistics() async throws {
        try await RunningSandbox.with { sandbox in
            _ = try await sandbox.send(TemplateCall())
            _ = try await sandbox.send(TemplateCall())
            var wrong = TemplateCall()
            wrong.token = "wrong"
            _ = try await sandbox.send(wrong)
            let stats = try await sandbox.request(.GET, "/stats").json()
            #expect(stats["received"] as? Int == 3)
            #expect(stats["accepted"] as? Int == 1)
            #expect(stats["rejected"] as? [String: Int] == ["160038": 1, "111109": 1])
            let started = try #require(stats["started"] as? String)
            #expect(started.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        }
    }

    @Test("is empty after a reset, and so are counts and limits")
    func reset() async throws {
        try await RunningSandbox.with { sandbox in
            #expect(try await sandbox.send(TemplateCall()) == "000000")
            #expect(try await sandbox.request(.POST, "/reset").status == 204)
            #expect(try await sandbox.messages().isEmpty)
            let stats = try await sandbox.request(.GET, "/stats").json()
            #expect(stats["received"] as? Int == 0)
            #expect(try await sandbox.send(TemplateCall()) == "000000")
        }
    }

    @Test("is not reset by another site's page, nor by a link")
    func resetProtection() async throws {
        try await RunningSandbox.with { sandbox in
            #expect(try await sandbox.send(TemplateCall()) == "000000")
            let foreign = try await sandbox.request(.POST, "/reset", headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(foreign.status == 403)
            #expect(try await sandbox.request(.GET, "/reset").status == 404)
            #expect(try await sandbox.messages().count == 1)
        }
    }

    @Test("is a page without outside resources under a strict policy")
    func page() async throws {
        try await RunningSandbox.with { sandbox in
            for (path, type) in [
                ("/", "html"), ("/inbox.css", "css"), ("/inbox.js", "javascript"), ("/faults.js", "javascript"),
            ] {
                let answer = try await sandbox.request(.GET, path)
                #expect(answer.status == 200)
                #expect(answer.headers["Content-Type"] == ["text/\(type); charset=utf-8"])
                #expect(answer.headers["X-Content-Type-Options"] == ["nosniff"])
                let policy = try #require(answer.headers["Content-Security-Policy"].first)
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
                #expect(!policy.contains("unsafe"))
                let links = answer.text.matches(of: /https?:\/\/[^\s'"<]+/).map { String($0.output) }
                #expect(links.allSatisfy { $0 == "http://www.w3.org/2000/svg" }, "\(links)")
            }
        }
    }

    @Test("shows the settings for every provider, with the address that it was asked at")
    func settings() async throws {
        try await RunningSandbox.with { sandbox in
            let text = try await sandbox.request(.GET, "/providers").text
            for part in [
                SandboxAccount.demo.appID, SandboxAccount.demo.twilio.authToken,
                #"{"name":"SMS_YUNTONGXUN_BASE_URL","value":"\#(sandbox.baseURL)"}"#,
                #"{"name":"SMS_WEBHOOK_URL","value":"\#(sandbox.baseURL)/webhook"}"#,
            ] {
                #expect(text.contains(part))
            }
            for provider in Provider.allCases { #expect(text.contains("\"provider\":\"\(provider.rawValue)\"")) }
        }
    }

    @Test("can be asked for one provider's messages")
    func provider() async throws {
        try await RunningSandbox.with { sandbox in
            for vendor in VendorCalls.all { _ = try await vendor.send(sandbox, 13_800_138_000) }
            #expect(try await sandbox.messages().count == 6)
            let some = try await sandbox.messages("?gateway=twilio")
            #expect(some.map { $0["gateway"] as? String } == ["twilio"])
        }
    }

    @Test("says that its port is taken, to whoever runs it and to whoever waits for it")
    func portTaken() async throws {
        try await RunningSandbox.with { first in
            var configuration = SandboxConfiguration()
            configuration.port = try await first.server.port
            let second = SandboxServer(configuration: configuration, logger: .init(label: "second"))
            let waiter = Task { try await second.port }
            await #expect(throws: (any Error).self) { try await second.run() }
            await #expect(throws: (any Error).self) { try await waiter.value }
        }
    }

    @Test("prints where it is and how to use it")
    func banner() async throws {
        try await RunningSandbox.with { sandbox in
            let banner = try await sandbox.server.banner()
            #expect(banner.contains("SMS_YUNTONGXUN_BASE_URL=\(sandbox.baseURL)\n"))
            #expect(banner.contains("SMS_YUNTONGXUN_ACCOUNT_SID=\(SandboxAccount.demo.accountSID)\n"))
            #expect(banner.contains("SMS_ALIYUN_ACCESS_KEY_ID=\(SandboxAccount.demo.aliyun.accessKeyID)\n"))
            #expect(banner.contains("SMS_TENCENT_SECRET_ID=\(SandboxAccount.demo.tencent.secretID)\n"))
            for setting in [
                "SMS_TWILIO_BASE_URL=\(sandbox.baseURL)", "SMS_TWILIO_ACCOUNT_SID=", "SMS_TWILIO_AUTH_TOKEN=",
                "SMS_TWILIO_SENDER=+15005550006", "SMS_SNS_BASE_URL=\(sandbox.baseURL)", "SMS_SNS_REGION=us-east-1",
                "SMS_SNS_ACCESS_KEY_ID=", "SMS_SNS_SECRET_ACCESS_KEY=", "SMS_WEBHOOK_URL=\(sandbox.baseURL)/webhook",
                "SMS_WEBHOOK_SECRETS=whsec_",
            ] {
                #expect(banner.contains("\n  \(setting)"))
            }
        }
    }
}
