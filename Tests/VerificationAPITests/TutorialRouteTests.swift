import NIOHTTP1
import SMSVerification
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TutorialRouteTests {
    private static let captchaID = "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10"
    private static let path = "/sms_codes/13800138000/?image_code=w3xk&image_code_id=\(captchaID)"

    @Test(arguments: [
        (CodeRequestOutcome.sent, #"{"code":0,"errmsg":"发送短信成功"}"#),
        (.tooFrequent, #"{"code":400,"errmsg":"发送短信过于频繁"}"#),
        (.missingParameter, #"{"code":400,"errmsg":"缺少必传参数"}"#),
        (.captchaExpired, #"{"code":400,"errmsg":"图形验证码失效"}"#),
        (.captchaWrong, #"{"code":400,"errmsg":"输入图形验证码有误"}"#),
    ])
    func `Each outcome has the tutorial's answer to the byte`(outcome: CodeRequestOutcome, body: String) async throws {
        try await withAPI(ScriptedFlow(outcome)) { api in
            let answer = try await api.get(Self.path)
            #expect(answer.status == 200)
            #expect(answer.body == Array(body.utf8))
            #expect(answer.headers["Content-Type"] == ["application/json; charset=utf-8"])
            #expect(answer.headers["Content-Length"] == ["\(body.utf8.count)"])
            #expect(answer.headers["Cache-Control"] == ["no-store"])
            #expect(answer.headers["Pragma"] == ["no-cache"])
        }
    }

    @Test func `The domain gets the number and the parameters as they were sent`() async throws {
        let flow = ScriptedFlow()
        try await withAPI(flow) { api in
            _ = try await api.get(Self.path)
            _ = try await api.get("/sms_codes/13800138000?image_code=%E5%AD%97&image_code_id=")
            _ = try await api.get("/sms_codes/19912345678/")
            _ = try await api.get("/sms_codes/19912345678/?image_code=first&image_code=last")
        }
        #expect(
            flow.codeRequests == [
                .init(mobile: "13800138000", captchaAnswer: "w3xk", captchaID: Self.captchaID),
                .init(mobile: "13800138000", captchaAnswer: "字", captchaID: ""),
                .init(mobile: "19912345678"),
                .init(mobile: "19912345678", captchaAnswer: "last"),
            ])
    }

    @Test(arguments: [
        "1380013800", "138001380000", "12800138000", "03800138000", "+8613800138000", "1380013800a", "13800138000a",
        "%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90%EF%BC%90%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90%EF%BC%90%EF%BC%90",
        "1380013800%D9%A0", "1380013800%EF%BC%90", "1380013800%00", "13800138000%0A", "-", "13800138000/x",
    ])
    func `A number of any other form is 404 and asks nothing of the domain`(number: String) async throws {
        let flow = ScriptedFlow()
        try await withAPI(flow) { api in
            let answer = try await api.get("/sms_codes/\(number)/?image_code=a&image_code_id=b")
            #expect(answer.status == 404)
            #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            #expect(!answer.text.contains("13800138000"))
        }
        #expect(flow.codeRequests.isEmpty)
    }

    @Test(arguments: [HTTPMethod.HEAD, .POST, .PUT, .DELETE, .OPTIONS, .PATCH, .TRACE])
    func `Any other method is 405 with Allow, and has no side effect`(method: HTTPMethod) async throws {
        let flow = ScriptedFlow()
        try await withAPI(flow) { api in
            for path in [Self.path, "/image_codes/\(Self.captchaID)/"] {
                let answer = try await api.send(method, path)
                #expect(answer.status == 405)
                #expect(answer.headers["Allow"] == ["GET"])
                #expect(answer.body.isEmpty == (method == .HEAD))
            }
        }
        #expect(flow.codeRequests.isEmpty)
        #expect(flow.captchas.isEmpty)
    }

    @Test func `Redis that cannot be used is 503 in the tutorial's form, to be tried again at once`() async throws {
        try await withAPI(ScriptedFlow(failure: .redisIsDown)) { api in
            let answer = try await api.get(Self.path)
            #expect(answer.status == 503)
            #expect(answer.text == #"{"code":503,"errmsg":"短信服务暂时不可用，请稍后重试"}"#)
            #expect(answer.headers["Retry-After"] == ["1"])
            #expect(answer.headers["Content-Type"] == ["application/json; charset=utf-8"])
            #expect(answer.headers["Cache-Control"] == ["no-store"])
        }
    }

    @Test func `Requests in parallel reach the domain once each`() async throws {
        let flow = ScriptedFlow()
        try await withAPI(flow) { api in
            try await withThrowingTaskGroup(of: RunningAPI.Answer.self) { group in
                for index in 0..<100 {
                    group.addTask { try await api.get("/sms_codes/139000000\(10 + index % 90)/?image_code=\(index)") }
                }
                for try await answer in group {
                    #expect(answer.text == #"{"code":0,"errmsg":"发送短信成功"}"#)
                }
            }
        }
        #expect(Set(flow.codeRequests.compactMap(\.captchaAnswer)) == Set((0..<100).map { "\($0)" }))
        #expect(flow.codeRequests.count == 100)
    }
}
