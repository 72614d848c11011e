import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import SandboxGateway

@Suite("The sandbox's signed webhook", .timeLimit(.minutes(5)))
struct SignedWebhookGatewayTests {
    private typealias Refused = RefusedCall<WebhookCall, SignedWebhookFault>

    private static let refused: [Refused] = [
        Refused(.bodyTooLarge, "a body of 70,000 bytes") { $0.wholeBody = String(repeating: " ", count: 70_000) },
        Refused(.contentTypeWrong, "a form") { $0.contentType = "application/x-www-form-urlencoded" },
        Refused(.contentTypeWrong, "no content-type") { $0.contentType = "" },
        Refused(.identifierMalformed, "no webhook-id") { $0.id = "" },
        Refused(.identifierMalformed, "a webhook-id with a dot") { $0.id = "job.1" },
        Refused(.identifierMalformed, "a webhook-id of 65 characters") { $0.id = String(repeating: "a", count: 65) },
        Refused(.timestampMalformed, "no webhook-timestamp") { $0.timestamp = "" },
        Refused(.timestampMalformed, "a webhook-timestamp with a fraction") { $0.timestamp += ".5" },
        Refused(.signatureMissing, "no webhook-signature") { $0.signatures = "" },
        Refused(.signatureMismatch, "another key") {
            $0.secret = "whsec_" + base64("another-webhook-key-0000000000001")
        },
        Refused(.signatureMismatch, "a body that was changed") {
            $0.wholeBody = try? $0.body
            $0.sentBody = $0.wholeBody?.replacingOccurrences(of: "012345", with: "543210")
        },
        Refused(.signatureMismatch, "a signature of another version alone") {
            $0.signatures = (try? $0.signature)?.replacingOccurrences(of: "v1,", with: "v2,")
        },
        Refused(.timestampStale, "a stamp of 301 seconds ago") {
            $0.timestamp = "\(Int(Date().timeIntervalSince1970) - 301)"
        },
        Refused(.timestampStale, "a stamp of 302 seconds ahead") {
            $0.timestamp = "\(Int(Date().timeIntervalSince1970) + 302)"
        },
        Refused(.bodyUnreadable, "a body that is not JSON") { $0.wholeBody = "type=sms.send" },
        Refused(.bodyUnreadable, "a parameter that is a number") {
            $0.wholeBody = #"{"type":"sms.send","params":{"code":12345}}"#
        },
        Refused(.typeUnknown, "another type") { $0.type = "sms.report" },
        Refused(.fieldMissing, "no id") { $0.jobID = nil },
        Refused(.fieldMissing, "no to") { $0.to = nil },
        Refused(.fieldMissing, "no template") { $0.template = nil },
        Refused(.fieldMissing, "neither text nor code") { $0.params = ["minutes": "5"] },
        Refused(.messageExpired, "a message that is no longer wanted") {
            $0.notAfter = Int(Date().timeIntervalSince1970) - 1
        },
        Refused(.numberMalformed, "a number without its country") { $0.to = "13800138000" },
    ]

    /// The interface's HTTP status for each fault.
    private static let statuses: [SignedWebhookFault: Int] = [
        .bodyTooLarge: 413, .contentTypeWrong: 415, .identifierMalformed: 400, .timestampMalformed: 400,
        .signatureMissing: 400, .signatureMismatch: 401, .timestampStale: 401, .bodyUnreadable: 400,
        .typeUnknown: 422, .fieldMissing: 422, .messageExpired: 422, .numberMalformed: 200,
    ]

    @Test("takes a well-formed call and shows the message")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let answer = try await sandbox.send(WebhookCall())
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["status"] as? String == "accepted")
            let messageID = try #require(json["provider_message_id"] as? String)

            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.gateway == "webhook")
            #expect(shown.mobile == "+8613800138000")
            #expect(shown.text == "Your code is 012345. It is valid for 5 minutes.")
            #expect(shown.code == "012345")
            #expect(shown.messageID == messageID)
        }
    }

    @Test("shows the text that it is given, finds the code in it, and needs no expiry")
    func text() async throws {
        try await RunningSandbox.with { sandbox in
            var call = WebhookCall()
            call.params = nil
            call.notAfter = nil
            call.text = "1234567 is no code, 98765 is"
            #expect(try await sandbox.send(call).status == 200)
            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.text == call.text)
            #expect(shown.code == "98765")
        }
    }

    @Test("takes the specification's request, byte by byte")
    func vector() async throws {
        var configuration = SandboxConfiguration()
        configuration.account.signedWebhook.secret = "whsec_" + "bWFkZS11cC13ZWJob29rLWtleS0wMTIzNDU2Nzg5YWI="
        configuration.now = { Date(timeIntervalSince1970: 1_767_323_045) }
        try await RunningSandbox.with(configuration) { sandbox in
            var call = WebhookCall()
            call.timestamp = "1767323045"
            call.signatures = "v1,X+BHskV+ugi1RxJHnrxhn+Umr5L+apHJQW20iOG8N7E="
            call.wholeBody = """
                {"type":"sms.send","id":"01HV0000000000000000000001","to":"+8613800138000","template":"login",\
                "locale":"zh-CN","params":{"code":"012345","minutes":"5"},"not_after":1767323345}
                """
            let answer = try await sandbox.send(call)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(sandbox.server.inbox.messages().map(\.code) == ["012345"])
        }
    }

    @Test("verifies the signature that Standard Webhooks publishes")
    func publishedVector() throws {
        let signature = try #require(SignedWebhookSignature(secret: "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let call = SignedWebhookGateway.Call(
            contentType: "application/json", id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330",
            signatures: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            body: ByteBuffer(string: #"{"test": 2432232314}"#))
        try signature.check(call, at: Date(timeIntervalSince1970: 1_614_265_330))
    }

    @Test("has keys of 24 to 64 bytes only", arguments: [(23, false), (24, true), (64, true), (65, false)])
    func keyLength(_ length: Int, _ isRight: Bool) {
        let secret = "whsec_" + Data(repeating: 7, count: length).base64EncodedString()
        #expect((SignedWebhookSignature(secret: secret) != nil) == isRight)
    }

    @Test("answers what is wrong, and shows nothing", arguments: refused)
    private func refuses(_ refused: Refused) async throws {
        try await RunningSandbox.with { sandbox in
            var call = WebhookCall()
            refused.spoil(&call)
            let answer = try await sandbox.send(call)
            #expect(answer.status == Self.statuses[refused.fault])
            let json = try answer.json()
            #expect(json["status"] as? String == "rejected")
            #expect(json["class"] as? String == (refused.fault == .numberMalformed ? "bad_number" : "bad_config"))
            #expect(json["code"] as? String == refused.fault.rawValue)
            #expect((json["message"] as? String)?.isEmpty == false)
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("has a test for every fault that it looks for")
    func everyFaultIsTested() {
        // Those of magic numbers have tests of their own.
        let tested = Set(Self.refused.map(\.fault)).union(SignedWebhookFault.refusals.values)
        #expect(tested == Set(SignedWebhookFault.allCases))
    }

    @Test("takes a call if one of its signatures is right, as while a key is changed")
    func keyRotation() async throws {
        try await RunningSandbox.with { sandbox in
            var call = WebhookCall()
            var other = call
            other.secret = "whsec_" + base64("another-webhook-key-0000000000001")
            call.signatures = "v9,other \(try other.signature) \(try call.signature)"
            #expect(try await sandbox.send(call).status == 200)
        }
    }

    @Test("answers a repeated id as it did before, and shows one message, whatever the limit says")
    func repeatedID() async throws {
        try await RunningSandbox.with { sandbox in
            let first = try await sandbox.send(WebhookCall())
            let repeated = try await sandbox.send(WebhookCall(at: Date() + 1))
            #expect(repeated.status == 200)
            #expect(repeated.text == first.text)
            #expect(sandbox.server.inbox.messages().count == 1)
            let stats = try await sandbox.request(.GET, "/stats").json()
            #expect(stats["received"] as? Int == 2)
            #expect(stats["accepted"] as? Int == 1)
        }
    }

    @Test("shows one message although calls with the same id come together")
    func simultaneousCalls() async throws {
        try await RunningSandbox.with { sandbox in
            let call = WebhookCall()
            let texts = try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await sandbox.send(call).text } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(texts.count == 1)
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("forgets an id after 24 hours, and at a reset")
    func forgetting() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            _ = try await sandbox.send(WebhookCall(at: clock.now))
            clock.advance(24 * 3600 - 1)
            _ = try await sandbox.send(WebhookCall(at: clock.now))
            #expect(sandbox.server.inbox.messages().count == 1)
            clock.advance(1)
            _ = try await sandbox.send(WebhookCall(at: clock.now))
            #expect(sandbox.server.inbox.messages().count == 2)
            sandbox.server.reset()
            _ = try await sandbox.send(WebhookCall(at: clock.now))
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("sends a number one message in 30 seconds; a call that was refused may come again")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            var second = WebhookCall(at: clock.now)
            second.id = "job_2"
            #expect(try await sandbox.send(WebhookCall(at: clock.now)).status == 200)
            let refused = try await sandbox.send(second)
            #expect(refused.status == 200)
            #expect(try refused.json()["class"] as? String == "throttled")
            #expect(try refused.json()["code"] as? String == "number")
            clock.advance(30)
            let repeated = try await sandbox.send(second)
            #expect(try repeated.json()["status"] as? String == "accepted")
            #expect(sandbox.server.inbox.messages().count == 2)
        }
    }
}

extension RunningSandbox {
    func send(_ call: WebhookCall) async throws -> Answer {
        try await request(.POST, "/webhook", headers: call.headers, body: call.sentBody ?? call.body)
    }
}
