import Foundation
import TestSupport
import Testing

/// The tutorial's routes with real Redis servers: its sentences in its words, and what it does better within them.
@Suite(.timeLimit(.minutes(5)))
struct TutorialFlowTests {
    private func request(
        _ system: RunningVerificationAPI, _ mobile: String, answer: String? = nil
    ) async throws -> String {
        let id = UUID().uuidString.lowercased()
        let text = try await system.api.get("/image_codes/\(id)/").text
        return try await system.api.get("/sms_codes/\(mobile)/?image_code=\(answer ?? text)&image_code_id=\(id)").text
    }

    @Test func `Each sentence of the tutorial is answered in its words`() async throws {
        try await RunningVerificationAPI.run { system in
            func get(_ query: String) async throws -> String {
                let answer = try await system.api.get("/sms_codes/13800138000/\(query)")
                #expect(answer.status == 200)
                return answer.text
            }
            let missing = #"{"code":400,"errmsg":"缺少必传参数"}"#
            for query in ["", "?image_code=ABCD", "?image_code_id=\(UUID().uuidString)", "?image_code=&image_code_id="]
            {
                #expect(try await get(query) == missing)
            }
            let gone = #"{"code":400,"errmsg":"图形验证码失效"}"#
            for id in [UUID().uuidString.lowercased(), "1", "*"] {
                #expect(try await get("?image_code=ABCD&image_code_id=\(id)") == gone)
            }
            let wrong = #"{"code":400,"errmsg":"输入图形验证码有误"}"#
            for answer in ["AAAAA", "%00", "%F0%9F%98%80", "%FF"] {
                #expect(try await request(system, "13800138000", answer: answer) == wrong)
            }
            let id = UUID().uuidString.lowercased()
            let text = try await system.api.get("/image_codes/\(id)/").text
            let query = "?image_code=\(text.lowercased())&image_code_id=\(id)"
            #expect(try await get(query) == #"{"code":0,"errmsg":"发送短信成功"}"#)
            #expect(try await system.storeServer.cli("GET", "send_flag_13800138000", database: 2) == "1")
            let code = try await system.storeServer.cli("GET", "sms_code_13800138000", database: 2)
            #expect(try await system.lastJob().contains(#"[[\"13800138000\",\"\#(code)\"],{},{}]"#))
            #expect(try await system.lastJob().contains("'138****8000', '******'"), "monitors see no secret")
            #expect(try await get(query) == #"{"code":400,"errmsg":"发送短信过于频繁"}"#)
            #expect(try await get("") == #"{"code":400,"errmsg":"发送短信过于频繁"}"#, "the flag comes first")
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func `A blocked number is sent nothing, and its caller hears the usual words`() async throws {
        try await RunningVerificationAPI.run { system in
            try await system.block("13800138000")
            #expect(try await request(system, "13800138000") == #"{"code":0,"errmsg":"发送短信成功"}"#)
            #expect(try await request(system, "13800138000") == #"{"code":400,"errmsg":"发送短信过于频繁"}"#)
            #expect(try await system.jobs() == 0)
            #expect(try await system.storedKeys().contains("sms_code_13800138000") == false)
        }
    }

    @Test func `Whoever asks for many numbers is told to wait, in the tutorial's words`() async throws {
        try await RunningVerificationAPI.run { system in
            for index in 0..<10 {
                let answer = try await request(system, "138\(1000 + index * 37)8000")
                #expect(answer == #"{"code":0,"errmsg":"发送短信成功"}"#)
            }
            #expect(try await request(system, "13900139000") == #"{"code":400,"errmsg":"发送短信过于频繁"}"#)
            #expect(try await system.jobs() == 10)
        }
    }
}
