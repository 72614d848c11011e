import SMSVerification
import TestSupport
import Testing

/// What answers do not tell: whether a number is blocked, or others have asked for it, or why a verification is over.
@Suite(.timeLimit(.minutes(5)))
struct NeutralAnswerTests {
    /// Of as many groups of numbers as a test needs.
    private func number(_ index: Int) -> String { "138\(1000 + index * 37)8000" }

    @Test func `With a wrong answer a number that was just sent to is like any other`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            _ = try await caller.started("13800138000")
            try await system.block("13700137000")
            var answers: Set<String> = []
            for someone in [caller, system.caller()] {
                for mobile in ["13800138000", "13900139000", "13700137000"] {
                    let answer = try await someone.start(mobile, ["captcha_answer": "AAAAAA"])
                    #expect(try answer.problem() == "proof-refused")
                    answers.insert(try answer.shape().joined() + answer.text)
                }
                let none = try await someone.post("verifications", ["mobile": "13800138000"])
                #expect(try none.problem() == "proof-required")
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `A number that is fresh, blocked or just sent to by others is answered alike`() async throws {
        try await RunningVerificationAPI.run { system in
            _ = try await system.caller().started("13800138000")
            try await system.block("13700137000")
            var shapes: Set<[String]> = []
            var times: Set<[Int]> = []
            for mobile in ["13800138000", "13700137000", "13900139000"] {
                let answer = try await system.caller().start(mobile)
                #expect(answer.status == 202)
                shapes.insert(try answer.shape())
                times.insert([
                    try answer.member("expires_in", Int.self), try answer.member("resend_after", Int.self),
                ])
            }
            #expect(shapes.count == 1)
            #expect(times == [[300, 60]])
            #expect(try await system.jobs() == 2, "one of the three was sent something")
        }
    }

    @Test func `What comes after the sending does not tell such numbers apart either`() async throws {
        try await RunningVerificationAPI.run { system in
            let (others, blocked, fresh) = ("13800138000", "13700137000", "13900139000")
            _ = try await system.caller().started(others)
            try await system.block(blocked)
            var answers: [String: Set<[String]>] = [:]
            func note(_ step: String, _ status: Int, _ answer: RunningAPI.Answer) throws {
                #expect(answer.status == status, "\(step): \(answer.text)")
                // Ids, and how long to wait, differ by themselves.
                let texts = try answer.object().filter {
                    ["type", "title", "detail", "attempts_left"].contains($0.key)
                }
                answers[step, default: []].insert(try answer.shape() + texts.map { "\($0.key) \($0.value)" }.sorted())
            }
            for mobile in [others, blocked, fresh] {
                let caller = system.caller()
                let id = try await caller.started(mobile)
                try note("again at once", 429, try await caller.start(mobile))
                try note("resend at once", 429, try await caller.post("verifications/resend", ["id": id]))

                // The client's wait is over, and that of the number that nobody else has asked for.
                let asked = "sms:asked:\(caller.token):verify:\(mobile)"
                try await system.storeServer.cli("HSET", asked, "resend_at", "0", database: 2)
                if mobile == fresh { try await system.storeServer.cli("DEL", "sms:limit:number:\(fresh)", database: 2) }
                try note("resend", 202, try await caller.post("verifications/resend", ["id": id]))

                let code = mobile == fresh ? try await system.lastCode() : "000000"
                let wrong = code == "000001" ? "000002" : "000001"
                for left in (0..<5).reversed() {
                    try note("check \(left)", 422, try await caller.check(id, mobile, wrong))
                }
                try note("check", 409, try await caller.check(id, mobile, code))
                try await system.storeServer.cli("HSET", asked, "resend_at", "0", database: 2)
                try note("resend of what is over", 409, try await caller.post("verifications/resend", ["id": id]))
            }
            #expect(answers.count == 10)
            for (step, seen) in answers { #expect(seen.count == 1, "\(step): \(seen)") }
            #expect(try await system.jobs() == 3, "the others' one, and two to the fresh number")
        }
    }

    @Test func `Whoever has asked too often hears the same of every number`() async throws {
        try await RunningVerificationAPI.run { system in
            try await system.block("13700137000")
            for index in 0..<10 { _ = try await system.caller().started(number(index)) }
            for mobile in ["13700137000", number(0), number(11)] {
                let answer = try await system.caller().start(mobile)
                #expect(try answer.problem() == "too-many-requests", "\(mobile)")
            }
        }
    }

    @Test func `Asking for a number that is sent nothing counts as any other request`() async throws {
        try await RunningVerificationAPI.run { system in
            try await system.block("13700137000")
            for _ in 0..<10 { _ = try await system.caller().started("13700137000") }
            #expect(try await system.jobs() == 0)
            #expect(try await system.caller().start(number(0)).problem() == "too-many-requests")
        }
    }

    @Test func `A verification that is unknown, expired, used or not its own is over, no more is said`() async throws {
        try await RunningVerificationAPI.run { system in
            let (caller, stranger) = (system.caller(), system.caller())
            let mobile = "13800138000"
            var answers: [RunningAPI.Answer] = []

            let used = try await caller.started(mobile)
            let code = try await system.lastCode()
            answers.append(try await caller.check(used, "13900139000", code))
            answers.append(try await stranger.check(used, mobile, code))
            let fields = ["id": used, "mobile": mobile, "code": code, "purpose": "reset-password"]
            answers.append(try await caller.post("verifications/check", fields))
            #expect(try await caller.check(used, mobile, code).status == 200)
            answers.append(try await caller.check(used, mobile, code))

            let wornOut = try await caller.started("13900139000")
            let right = try await system.lastCode()
            let wrong = right == "000000" ? "000001" : "000000"
            for left in (0..<5).reversed() {
                let answer = try await caller.check(wornOut, "13900139000", wrong)
                #expect(answer.status == 422)
                #expect(try answer.problem() == "wrong-code")
                #expect(try answer.member("attempts_left", Int.self) == left)
            }
            answers.append(try await caller.check(wornOut, "13900139000", right))

            let expired = try await caller.started("13700137000")
            let key = "sms:verification:\(expired)"
            try await system.storeServer.cli("PEXPIRE", key, "1", database: 2)
            try await eventually("it has expired") {
                try await system.storeServer.cli("EXISTS", key, database: 2) == "0"
            }
            answers.append(try await caller.check(expired, "13700137000", try await system.lastCode()))
            answers.append(try await caller.check(VerificationID.random().text, mobile, code))
            for id in ["", "1", "*", used.uppercased()] { answers.append(try await caller.check(id, mobile, code)) }

            for answer in answers { #expect(try answer.problem() == "verification-ended") }
            #expect(Set(answers.map(\.status)) == [409])
            #expect(Set(answers.map(\.text)).count == 1)
        }
    }

    @Test func `An unknown verification is as much work for the store as a wrong code`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let code = try await system.lastCode()
            _ = try await caller.check(VerificationID.random().text, "13800138000", code)
            func scripts(_ id: String) async throws -> String {
                try await system.storeServer.cli("CONFIG", "RESETSTAT")
                _ = try await caller.check(id, "13800138000", code == "000000" ? "000001" : "000000")
                let lines = try await system.storeServer.cli("INFO", "commandstats").split(whereSeparator: \.isNewline)
                let line = lines.first { $0.hasPrefix("cmdstat_evalsha:") }
                return String(line?.prefix { $0 != "," } ?? "none")
            }
            #expect(try await scripts(id) == "cmdstat_evalsha:calls=1")
            #expect(try await scripts(VerificationID.random().text) == "cmdstat_evalsha:calls=1")
        }
    }
}
