import NIOHTTP1
import SMSVerification
import TaskQueue
import Testing

/// What sends a message, and what does not.
@Suite(.timeLimit(.minutes(5)))
struct SendingTests {
    private static let paths = [
        "verifications", "verifications/resend", "verifications/delivery", "verifications/check", "captchas",
        "proof-of-work",
    ]
    private static let json = ("Content-Type", "application/json")

    @Test(arguments: [HTTPMethod.GET, .HEAD, .PUT, .DELETE, .PATCH, .OPTIONS, .TRACE])
    func `All but POST is 405 and changes nothing`(method: HTTPMethod) async throws {
        try await RunningVerificationAPI.run { system in
            for path in Self.paths {
                let answer = try await system.api.send(method, "/v1/\(path)?mobile=13800138000&purpose=login")
                #expect(answer.status == 405)
                #expect(answer.headers["Allow"] == ["POST"])
                if method != .HEAD {
                    let detail = try answer.member("detail", String.self)
                    #expect(detail == "/v1/\(path) takes POST, not \(method.rawValue).")
                }
                #expect(answer.headers["Cache-Control"] == ["no-store"])
            }
            #expect(try await system.storedKeys().isEmpty)
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func `What stands in the query is not looked at`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let picture = try await caller.picture()
            let query = picture.merging(["mobile": "13800138000", "client_token": caller.token]) { one, _ in one }
                .map { "\($0)=\($1)" }.joined(separator: "&")
            let path = "/v1/verifications?\(query)"
            #expect(try await system.api.send(.POST, path).problem() == "unsupported-content")
            let answer = try await system.api.send(.POST, path, headers: [Self.json], body: Array("{}".utf8))
            #expect(try answer.problem() == "invalid-request")
            #expect(try await system.jobs() == 0)
            let good = picture.merging(["mobile": "13800138000"]) { one, _ in one }
            #expect(try await caller.post("verifications", good).status == 202, "the picture was not used up")
        }
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "image/png",
    ])
    func `What a form of another site can send is no request`(mediaType: String) async throws {
        try await RunningVerificationAPI.run { system in
            let body = Array(#"{"mobile":"13800138000"}"#.utf8)
            for path in Self.paths {
                let answer = try await system.api.send(
                    .POST, "/v1/\(path)", headers: [("Content-Type", mediaType)], body: body)
                #expect(answer.status == 415)
                #expect(try answer.problem() == "unsupported-content")
            }
            #expect(try await system.storedKeys().isEmpty)
        }
    }

    @Test(
        arguments: [
            (["purpose": "login", "locale": "zh-CN"], "en", "login", "zh-CN"),
            ([:], "de;q=0.5, fr-CH, en;q=0.8", "verify", "fr-CH"), (["locale": "en"], nil, "verify", "en"),
            ([:], "*", "verify", nil), ([:], nil, "verify", nil),
        ] as [([String: String], String?, String, String?)])
    func `The job tells what the code is for, and in which language`(
        fields: [String: String], accepted: String?, purpose: String, language: String?
    ) async throws {
        try await RunningVerificationAPI.run { system in
            let headers = accepted.map { [("Accept-Language", $0)] } ?? []
            #expect(try await system.caller().start("13800138000", fields, headers: headers).status == 202)
            let job = try TaskMessage(Array(try await system.lastJob().utf8))
            #expect(job.header(SendCodeHeaders.purpose) == purpose)
            #expect(job.header(SendCodeHeaders.language) == language)
        }
    }

    @Test func `A language of another form is refused, and the picture is not used up`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let picture = try await caller.picture().merging(["mobile": "13800138000"]) { one, _ in one }
            for locale in ["", "z", "zh_CN", "zh-", "中文", "zh-123456789", "en\n"] {
                let answer = try await caller.post("verifications", picture.merging(["locale": locale]) { $1 })
                #expect(answer.status == 400 && answer.text.contains("locale: "), "\(locale)")
            }
            #expect(try await caller.post("verifications", picture).status == 202)
        }
    }

    @Test func `Answers are kept by no cache`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let code = try await system.lastCode()
            let answers = [
                try await caller.post("captchas"), try await caller.post("proof-of-work"),
                try await caller.start("13900139000"), try await caller.check(id, "13800138000", code),
            ]
            #expect(answers.map(\.status) == [201, 201, 202, 200])
            for answer in answers { #expect(answer.headers["Cache-Control"] == ["no-store"]) }
        }
    }

    @Test func `A picture's id is the service's, and no other is known`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let own = "5e3f0d6e0c5c4a46a1a30c1a3b6f7d10"
            let given = try await caller.post("captchas", ["id": own, "captcha_id": own]).member("id", String.self)
            #expect(given != own && PictureID(given) != nil)
            var refusals: Set<String> = []
            for id in [own, "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10", "", "*", "../x", given.uppercased() + "0"] {
                let answer = try await caller.start("13800138000", ["captcha_id": id])
                #expect(try answer.problem() == "proof-refused")
                refusals.insert(answer.text)
            }
            #expect(refusals.count == 1)
            #expect(try await system.storedKeys().allSatisfy { !$0.contains(own) && !$0.contains("*") })
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func `A picture is good once, for its client alone, and gone after a wrong answer`() async throws {
        try await RunningVerificationAPI.run { system in
            let (caller, stranger) = (system.caller(), system.caller())
            let first = try await caller.picture()
            #expect(try await stranger.start("13800138000", first).problem() == "proof-refused")
            #expect(try await caller.start("13800138000", first).problem() == "proof-refused", "it was looked at")
            let second = try await caller.picture()
            #expect(try await caller.start("13800138000", second).status == 202)
            #expect(try await caller.start("13900139000", second).problem() == "proof-refused")
            let third = try await caller.picture()
            let wrong = third.merging(["captcha_answer": "AAAAAA"]) { _, wrong in wrong }
            #expect(try await caller.start("13700137000", wrong).problem() == "proof-refused")
            #expect(try await caller.start("13700137000", third).problem() == "proof-refused")
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func `Every spelling of a number is that number`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let first = try await caller.start("+86 138-0013-8000")
            #expect(first.status == 202)
            #expect(try await system.lastJob().contains(#"[[\"13800138000\","#))
            for spelling in ["13800138000", "0086 138 0013 8000", "+8613800138000"] {
                #expect(try await caller.start(spelling).problem() == "too-many-requests")
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test(arguments: [
        "１３８００１３８０００", "١٣٨٠٠١٣٨٠٠٠", "1380013800٠", "12800138000", "+85251234567", "110", "",
        "13800138000;14",
    ])
    func `What is no mobile number in ASCII digits is sent nothing`(number: String) async throws {
        try await RunningVerificationAPI.run { system in
            let answer = try await system.caller().start(number)
            #expect(answer.status == 422)
            #expect(try answer.problem() == "number-not-accepted")
            #expect(number.isEmpty || !answer.text.contains(number))
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func `The same named request is carried out once, and its name is good for no other`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let picture = try await caller.picture()
            let name = [("Idempotency-Key", "a-1")]
            let answers = [
                try await caller.start("13800138000", picture, headers: name),
                try await caller.start("13800138000", picture, headers: name),
            ]
            #expect(answers.map(\.status) == [202, 202])
            #expect(try answers[0].member("id", String.self) == answers[1].member("id", String.self))
            #expect(try await system.jobs() == 1)
            let id = try answers[0].member("id", String.self)
            #expect(try await caller.check(id, "13800138000", try await system.lastCode()).status == 200)
            let late = try await caller.start("13800138000", picture, headers: name)
            #expect(late.status == 409, "no code is on its way any more")
            #expect(try late.problem() == "verification-ended")
            let other = try await caller.start("13900139000", picture, headers: name)
            #expect(other.status == 422)
            #expect(try other.problem() == "idempotency-conflict")
            let stranger = try await system.caller().start("13900139000", headers: name)
            #expect(stranger.status == 202, "another client's names are its own")
            for name in ["", String(repeating: "a", count: 129)] {
                let answer = try await caller.start("13700137000", headers: [("Idempotency-Key", name)])
                #expect(try answer.problem() == "invalid-request")
            }
        }
    }
}
