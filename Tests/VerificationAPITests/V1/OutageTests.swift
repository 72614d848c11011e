import NIOHTTP1
import TestSupport
import Testing

/// Redis is away or refuses: 503, nothing is sent, nothing is used up.
@Suite(.timeLimit(.minutes(5)))
struct OutageTests {
    private func expectUnavailable(_ answer: RunningAPI.Answer) {
        #expect(answer.status == 503)
        #expect(answer.headers["Retry-After"] == ["1"])
        #expect(answer.headers["Content-Type"] == ["application/problem+json"])
        for detail in ["127.0.0.1", "13800138000", "refused"] { #expect(!answer.text.contains(detail)) }
    }

    @Test func `Without its store no step is taken`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let code = try await system.lastCode()
            let picture = try await caller.picture()
            system.storeServer.kill()
            expectUnavailable(try await caller.post("captchas"))
            let fields = picture.merging(["mobile": "13900139000"]) { one, _ in one }
            expectUnavailable(try await caller.post("verifications", fields))
            expectUnavailable(try await caller.post("verifications/resend", ["id": id]))
            expectUnavailable(try await caller.check(id, "13800138000", code))
            #expect(try await system.jobs() == 1)
            try await system.storeServer.restart()
            try await eventually("it works again by itself") { try await caller.post("captchas").status == 201 }
        }
    }

    @Test func `Without the broker nothing is charged, the picture comes back, and blocked numbers are no exception`()
        async throws
    {
        try await RunningVerificationAPI.run { system in
            try await system.block("13700137000")
            let caller = system.caller()
            let pictures = [try await caller.picture(), try await caller.picture()]
            let before = try await system.storedKeys()
            system.brokerServer.kill()
            for (picture, mobile) in zip(pictures, ["13800138000", "13700137000"]) {
                expectUnavailable(try await caller.start(mobile, picture))
            }
            let left = try await system.storedKeys().filter { !$0.hasPrefix("sms:asked:") }
            #expect(left.filter { !$0.hasPrefix("sms:captcha:") } == before.filter { !$0.hasPrefix("sms:captcha:") })
            try await system.brokerServer.restart()
            try await eventually("the same picture is good at once") {
                try await caller.start("13800138000", pictures[0]).status == 202
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func `A store that cannot write down that a picture is used accepts none`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let picture = try await caller.picture()
            let captcha = "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c"
            let text = try await system.api.get("/image_codes/\(captcha)/").text
            let tutorial = "/sms_codes/13900139000/?image_code=\(text)&image_code_id=\(captcha)"
            try await system.storeServer.cli("CONFIG", "SET", "min-replicas-to-write", "1")
            let fields = picture.merging(["mobile": "13800138000"]) { one, _ in one }
            expectUnavailable(try await caller.post("verifications", fields))
            #expect(try await system.api.get(tutorial).status == 503)
            #expect(try await system.jobs() == 0)
            try await system.storeServer.cli("CONFIG", "SET", "min-replicas-to-write", "0")
            #expect(try await caller.post("verifications", fields).status == 202)
            #expect(try await system.api.get(tutorial).text == #"{"code":0,"errmsg":"发送短信成功"}"#)
        }
    }
}
