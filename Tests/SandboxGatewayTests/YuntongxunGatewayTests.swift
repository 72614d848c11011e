import Foundation
import NIOHTTP1
import Testing

@testable import SandboxGateway

/// A way to spoil a call, and the vendor's code for it.
struct Fault: Sendable, CustomTestStringConvertible {
    var code: String
    var what: String
    var spoil: @Sendable (inout TemplateCall) -> Void

    init(_ code: String, _ what: String, _ spoil: @escaping @Sendable (inout TemplateCall) -> Void) {
        self.code = code
        self.what = what
        self.spoil = spoil
    }

    var testDescription: String { "\(code) \(what)" }

    static let all: [Fault] = [
        Fault("111100", "account part too short") { $0.pathSID = "abc" },
        Fault("111100", "account part not hexadecimal") { $0.pathSID = String(repeating: "z", count: 32) },
        Fault("111101", "no Authorization") { $0.authorization = "" },
        Fault("111102", "Authorization with a scheme word") { $0.authorization = "Basic \(base64("a:b"))" },
        Fault("111103", "a comma in place of the colon") {
            $0.authorization = base64("\($0.headerSID),\($0.timestamp)")
        },
        Fault("111104", "no account in Authorization") { $0.authorization = base64(":\($0.timestamp)") },
        Fault("111105", "no time stamp in Authorization") { $0.authorization = base64("\($0.headerSID):") },
        Fault("111106", "a stamp of yesterday") { $0.timestamp = TemplateCall.stamp(Date() - 86_500) },
        Fault("111106", "a stamp of tomorrow") { $0.timestamp = TemplateCall.stamp(Date() + 86_500) },
        Fault("111107", "another account in Authorization") { $0.headerSID = String(repeating: "a", count: 32) },
        Fault("111108", "no sig") { $0.query = "" },
        Fault("111108", "an empty sig") { $0.query = "sig=" },
        Fault("111109", "a wrong token") { $0.token = "00000000000000000000000000000000" },
        Fault("111109", "a sig in lower case") { $0.query = "sig=\($0.signature.lowercased())" },
        Fault("111109", "a stamp that is not the signed one") {
            let signature = $0.signature
            $0.timestamp = TemplateCall.stamp(Date() - 60)
            $0.query = "sig=\(signature)"
        },
        Fault("111110", "another version") { $0.version = "2026-01-01" },
        Fault("111113", "a stamp without seconds") { $0.timestamp.removeLast(2) },
        Fault("111113", "a month that does not exist") { $0.timestamp = "20261301000000" },
        Fault("111113", "a day that does not exist") { $0.timestamp = "20260230000000" },
        Fault("111141", "an unknown account") {
            $0.pathSID = String(repeating: "b", count: 32)
            $0.headerSID = $0.pathSID
        },
        Fault("111169", "no appId") { $0.appID = "null" },
        Fault("111181", "an unknown appId") { $0.appID = #""8a216da8000000000000000000000000""# },
        Fault("112306", "no number") { $0.to = #""""# },
        Fault("112307", "no templateId") { $0.templateID = #""""# },
        Fault("112308", "no datas") { $0.datas = "[]" },
        Fault("112311", "an unknown template") { $0.templateID = #""99""# },
        Fault("160030", "no body") { $0.wholeBody = "" },
        Fault("160031", "datas with a number in it") { $0.datas = #"["012345",5]"# },
        Fault("160031", "datas that is a string") { $0.datas = #""012345,5""# },
        Fault("160031", "a body that is not JSON") { $0.wholeBody = "<TemplateSMS/>" },
        Fault("160031", "a body that is too large") { $0.wholeBody = String(repeating: " ", count: 70_000) },
        Fault("160042", "a number that is too short") { $0.to = #""1380013800""# },
        Fault("160042", "a number with a country code") { $0.to = #""+8613800138000""# },
        Fault("160042", "a landline") { $0.to = #""02512345678""# },
        Fault("160042", "full-width digits") { $0.to = #""1３８００１３８０００""# },
        Fault("160052", "a variable too few") { $0.datas = #"["012345"]"# },
        Fault("160057", "a template's name") { $0.templateID = #""one""# },
        Fault("160069", "letters in the test template") { $0.datas = #"["abcdef","5"]"# },
    ]
}

@Suite("The sandbox's Yuntongxun interface", .timeLimit(.minutes(5)))
struct YuntongxunGatewayTests {
    @Test("takes a well-formed call and shows the message")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let call = TemplateCall()
            let answer = try await sandbox.request(.POST, call.path, headers: call.headers, body: call.body)
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["statusCode"] as? String == "000000")
            let message = try #require(json["templateSMS"] as? NSDictionary)
            let identifier = try #require(message["smsMessageSid"] as? String)
            #expect(identifier.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            let created = try #require(message["dateCreated"] as? String)
            let instant = try #require(ChinaCalendar.date(created))
            #expect(abs(instant.timeIntervalSinceNow) < 3600)

            let shown = try #require(try await sandbox.messages().first)
            #expect(shown["mobile"] as? String == "13800138000")
            #expect(shown["code"] as? String == "012345")
            #expect(shown["text"] as? String == "【云通讯】您的验证码是012345，请于5分钟内正确输入。")
            #expect(shown["message_id"] as? String == identifier)
            #expect(shown["gateway"] as? String == "yuntongxun")
        }
    }

    @Test("answers with the vendor's code, HTTP 200, and shows nothing", arguments: Fault.all)
    func refused(_ fault: Fault) async throws {
        try await RunningSandbox.with { sandbox in
            var call = TemplateCall()
            fault.spoil(&call)
            let answer = try await sandbox.request(.POST, call.path, headers: call.headers, body: call.body)
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["statusCode"] as? String == fault.code)
            #expect((json["statusMsg"] as? String)?.isEmpty == false)
            #expect(try await sandbox.messages().isEmpty)
        }
    }

    @Test("has a test for every code that it can answer with")
    func everyCodeIsTested() {
        // Those of magic numbers and of repetitions have tests of their own.
        let tested = Set(Fault.all.map(\.code)).union(YuntongxunFault.refusals.values.map(\.rawValue))
            .union([YuntongxunFault.requestRepeated.rawValue])
        #expect(tested == Set(YuntongxunFault.allCases.map(\.rawValue)))
    }

    @Test("reads the time stamp as China's local time, 24 hours either way")
    func window() async throws {
        var configuration = SandboxConfiguration()
        configuration.numberInterval = .zero
        try await RunningSandbox.with(configuration) { sandbox in
            for hours in [-23, 23] {
                let answer = try await sandbox.send(TemplateCall(at: Date() + Double(hours) * 3600))
                #expect(answer == "000000")
            }
        }
    }

    @Test("sends a number one message in 30 seconds, and other numbers theirs")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            let call = TemplateCall(at: clock.now)
            var other = call
            other.to = #""13900139000""#
            var answers = [try await sandbox.send(call), try await sandbox.send(call), try await sandbox.send(other)]
            clock.advance(29)
            answers.append(try await sandbox.send(call))
            clock.advance(1)
            answers.append(try await sandbox.send(call))
            #expect(answers == ["000000", "160038", "000000", "160038", "000000"])
        }
    }

    @Test("a refused call does not count against the number")
    func refusedCallsAreFree() async throws {
        try await RunningSandbox.with { sandbox in
            var bad = TemplateCall()
            bad.datas = #"["x","5"]"#
            let answers = [try await sandbox.send(bad), try await sandbox.send(TemplateCall())]
            #expect(answers == ["160069", "000000"])
        }
    }
}
