import Foundation
import NIOHTTP1
import Testing

@testable import SandboxGateway

/// Callers may ask what became of a message that they had no answer for.
@Suite("What was sent can be asked for afterwards", .timeLimit(.minutes(5)))
struct QueryTests {
    private func aliyunQuery() -> AliyunCall {
        var call = AliyunCall()
        call.action = "QuerySendDetails"
        call.asForm = true
        let day = ChinaCalendar.string(Date()).prefix(8)
        call.parameters = [
            "PhoneNumber": "13800138000", "SendDate": String(day), "PageSize": "50", "CurrentPage": "1",
        ]
        return call
    }

    private func tencentQuery() -> TencentCall {
        var call = TencentCall()
        call.action = "PullSmsSendStatusByPhoneNumber"
        call.members = [
            "BeginTime": "\(call.timestamp - 60)", "EndTime": "\(call.timestamp + 60)", "Offset": "0",
            "Limit": "100", "PhoneNumber": #""+8613800138000""#,
            "SmsSdkAppId": "\"\(SandboxAccount.demo.tencent.appID)\"",
        ]
        return call
    }

    private func request(_ call: TencentCall, _ sandbox: RunningSandbox) async throws -> String {
        try await sandbox.request(.POST, "/", headers: call.headers, body: call.body).text
    }

    @Test("at Aliyun by number and day")
    func aliyun() async throws {
        try await RunningSandbox.with { sandbox in
            let before = try await sandbox.answer(to: aliyunQuery()).json()
            #expect(before["Code"] as? String == "OK")
            #expect(before["TotalCount"] as? String == "0")
            let sent = try await sandbox.send(AliyunCall())
            #expect(sent == "OK")
            let after = try await sandbox.answer(to: aliyunQuery())
            #expect(after.text.contains(#""OutId":"job 1/2*~+""#))
            #expect(after.text.contains(#""SendStatus":3"#))
            #expect(!after.text.contains("012345"))
        }
    }

    @Test("at Aliyun with a signature that fits only")
    func aliyunSignature() async throws {
        try await RunningSandbox.with { sandbox in
            var call = aliyunQuery()
            call.accessKeySecret = "another"
            let unsigned = try await sandbox.send(call)
            #expect(unsigned == "SignatureDoesNotMatch")
            call = aliyunQuery()
            call.parameters["PageSize"] = "51"
            let tooLarge = try await sandbox.send(call)
            #expect(tooLarge == "isv.INVALID_PARAMETERS")
        }
    }

    @Test("at Tencent by number and time")
    func tencent() async throws {
        try await RunningSandbox.with { sandbox in
            let before = try await request(tencentQuery(), sandbox)
            #expect(before.contains(#""PullSmsSendStatusSet":[]"#))
            _ = try await request(TencentCall(), sandbox)
            let text = try await request(tencentQuery(), sandbox)
            #expect(text.contains(#""SessionContext":"job-01""#))
            #expect(text.contains(#""ReportStatus":"SUCCESS""#))
            var refused = tencentQuery()
            refused.secretKey = "another"
            let refusal = try await request(refused, sandbox)
            #expect(refusal.contains("AuthFailure.SignatureFailure"))
        }
    }

    @Test("at Yuntongxun by the same call once more, which sends nothing")
    func yuntongxun() async throws {
        var configuration = SandboxConfiguration()
        configuration.numberInterval = .zero
        try await RunningSandbox.with(configuration) { sandbox in
            var call = TemplateCall()
            call.wholeBody = call.body.replacing("\"datas\"", with: #""reqId":"r-1","datas""#)
            let answers = [try await sandbox.send(call), try await sandbox.send(call)]
            #expect(answers == ["000000", "160054"])
            let shown = try await sandbox.messages()
            #expect(shown.count == 1)
        }
    }
}
