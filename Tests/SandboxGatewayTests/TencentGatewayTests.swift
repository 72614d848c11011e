import Foundation
import HTTPTypes
import NIOHTTP1
import Testing

@testable import SandboxGateway

/// A way to spoil a call, and the vendor's code for it.
struct TencentCase: Sendable, CustomTestStringConvertible {
    var code: String
    var what: String
    /// Whether the code is a number's, not the request's.
    var isOfNumber: Bool
    var spoil: @Sendable (inout TencentCall) -> Void

    init(
        _ code: String, _ what: String, ofNumber isOfNumber: Bool = false,
        _ spoil: @escaping @Sendable (inout TencentCall) -> Void
    ) {
        self.code = code
        self.what = what
        self.isOfNumber = isOfNumber
        self.spoil = spoil
    }

    var testDescription: String { "\(code) \(what)" }

    static let all: [TencentCase] = identity + requests + numbers

    private static let identity = [
        TencentCase("InvalidAction", "another action") { $0.action = "SendSMS" },
        TencentCase("NoSuchVersion", "another version") { $0.version = "2019-07-11" },
        TencentCase("MissingParameter", "no region") { $0.spoilHeaders = { $0.remove(name: "X-TC-Region") } },
        TencentCase("MissingParameter", "no version") { $0.spoilHeaders = { $0.remove(name: "X-TC-Version") } },
        TencentCase("MissingParameter", "no time stamp") { $0.spoilHeaders = { $0.remove(name: "X-TC-Timestamp") } },
        TencentCase("InvalidParameter", "a time stamp that is no number") {
            $0.spoilHeaders = { $0.replaceOrAdd(name: "X-TC-Timestamp", value: "now") }
        },
        TencentCase("AuthFailure.InvalidAuthorization", "no Authorization") {
            $0.spoilHeaders = { $0.remove(name: "Authorization") }
        },
        TencentCase("AuthFailure.InvalidAuthorization", "no space after the commas") {
            $0.spoilHeaders = { headers in
                let text = headers["Authorization"].joined()
                headers.replaceOrAdd(name: "Authorization", value: text.replacing(", ", with: ","))
            }
        },
        TencentCase("AuthFailure.InvalidAuthorization", "the host not signed") { $0.signedHeaders = ["content-type"] },
        TencentCase("AuthFailure.SecretIdNotFound", "an unknown key") { $0.secretID = "another" },
        TencentCase("AuthFailure.SignatureFailure", "a wrong secret") { $0.secretKey += "x" },
        TencentCase("AuthFailure.SignatureFailure", "a body that was changed") {
            $0.spoilBody = { $0.replacing("13800138000", with: "13800138001") }
        },
        TencentCase("AuthFailure.SignatureFailure", "another content type than was signed") {
            $0.spoilHeaders = { $0.replaceOrAdd(name: "Content-Type", value: "application/json") }
        },
        TencentCase("AuthFailure.SignatureFailure", "another host than was signed") {
            $0.spoilHeaders = { $0.replaceOrAdd(name: "Host", value: "other.example.com") }
        },
        TencentCase("AuthFailure.SignatureFailure", "a time stamp that is not the signed one") {
            let other = "\($0.timestamp - 1)"
            $0.spoilHeaders = { $0.replaceOrAdd(name: "X-TC-Timestamp", value: other) }
        },
        TencentCase("AuthFailure.SignatureFailure", "another day than the time stamp's") { $0.day = "2026-01-01" },
        TencentCase("AuthFailure.SignatureExpire", "a time stamp of six minutes ago") { $0.timestamp -= 360 },
        TencentCase("AuthFailure.SignatureExpire", "a time stamp in six minutes") { $0.timestamp += 360 },
    ]

    /// A call with a member in another form, or without it.
    private static func member(
        _ name: String, _ value: String?, _ code: String, _ what: String, ofNumber isOfNumber: Bool = false
    ) -> TencentCase {
        TencentCase(code, what, ofNumber: isOfNumber) { $0.members[name] = value }
    }

    private static let requests = [
        TencentCase("FailedOperation.JsonParseFail", "a body that is not JSON") { $0.wholeBody = "PhoneNumberSet=1" },
        TencentCase("FailedOperation.JsonParseFail", "no body") { $0.wholeBody = "" },
        member("PhoneNumbers", "[]", "UnknownParameter", "a member that is not defined"),
        member("PhoneNumberSet", nil, "MissingParameter", "no numbers"),
        member("SmsSdkAppId", nil, "MissingParameter", "no application"),
        member("TemplateId", nil, "MissingParameter", "no template"),
        member("PhoneNumberSet", #""+8613800138000""#, "InvalidParameter", "a number that is not in an array"),
        member("TemplateParamSet", #"["012345",5]"#, "InvalidParameter", "a number among the variables"),
        member("SmsSdkAppId", #""1400000000""#, "InvalidParameterValue.SdkAppIdNotExist", "an unknown application"),
        member("PhoneNumberSet", "[]", "MissingParameter.EmptyPhoneNumberSet", "an empty list of numbers"),
        TencentCase("LimitExceeded.PhoneNumberCountLimit", "201 numbers") {
            let numbers = (13_800_138_000...13_800_138_200).map { "\"+86\($0)\"" }
            $0.members["PhoneNumberSet"] = "[\(numbers.joined(separator: ","))]"
        },
        member(
            "PhoneNumberSet", #"["+8613800138000","+85291234567"]"#,
            "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber", "numbers here and abroad"),
    ]

    private static let numbers = [
        member(
            "PhoneNumberSet", #"["+861380013800"]"#, "InvalidParameterValue.IncorrectPhoneNumber",
            "a number that is too short", ofNumber: true),
        member(
            "PhoneNumberSet", #"["1３８００１３８０００"]"#, "InvalidParameterValue.IncorrectPhoneNumber",
            "full-width digits", ofNumber: true),
        member(
            "PhoneNumberSet", #"["+85291234567"]"#, "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
            "a number abroad", ofNumber: true),
        member("SignName", nil, "FailedOperation.MissingSignature", "no signature name", ofNumber: true),
        member(
            "SignName", #""其他""#, "FailedOperation.SignatureIncorrectOrUnapproved", "an unknown signature name",
            ofNumber: true),
        member(
            "TemplateId", #""1""#, "FailedOperation.TemplateUnapprovedOrNotExist", "an unknown template",
            ofNumber: true),
        member(
            "TemplateParamSet", #"["012345"]"#, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
            "a variable too few", ofNumber: true),
        member(
            "TemplateParamSet", #"["0123456","5"]"#, "InvalidParameterValue.TemplateParameterLengthLimit",
            "a code of seven digits", ofNumber: true),
        member(
            "TemplateParamSet", #"["abcdef","5"]"#, "InvalidParameterValue.TemplateParameterFormatError",
            "letters in the code", ofNumber: true),
    ]
}

@Suite("The sandbox's Tencent interface", .timeLimit(.minutes(5)))
struct TencentGatewayTests {
    @Test("takes a well-formed call and shows the message")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let response = try await sandbox.response(to: TencentCall())
            #expect((response["RequestId"] as? String).flatMap { UUID(uuidString: $0) } != nil)
            let status = try #require((response["SendStatusSet"] as? [NSDictionary])?.first)
            let serial = try #require(status["SerialNo"] as? String)
            #expect(serial.wholeMatch(of: /5000:[0-9]+/) != nil)
            #expect(
                status == [
                    "SerialNo": serial, "PhoneNumber": "+8613800138000", "Fee": 1, "SessionContext": "job-01",
                    "Code": "Ok", "Message": "send success", "IsoCode": "CN",
                ])

            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.gateway == "tencent")
            #expect(shown.mobile == "+8613800138000")
            #expect(shown.code == "012345")
            #expect(shown.text == "【沙箱测试】您的登录验证码为012345，请于5分钟内填写，如非本人操作，请忽略本短信。")
            #expect(shown.messageID == serial)
        }
    }

    @Test("answers with the vendor's code, HTTP 200, and shows nothing", arguments: TencentCase.all)
    func refused(_ fault: TencentCase) async throws {
        try await RunningSandbox.with { sandbox in
            var call = TencentCall()
            fault.spoil(&call)
            let answer = try await sandbox.request(.POST, "/", headers: call.headers, body: call.body)
            #expect(answer.status == 200)
            let response = try #require(try answer.json()["Response"] as? NSDictionary)
            let statuses = response["SendStatusSet"] as? [NSDictionary]
            let holder = try #require(fault.isOfNumber ? statuses?.first : response["Error"] as? NSDictionary)
            #expect(holder["Code"] as? String == fault.code)
            #expect((holder["Message"] as? String)?.isEmpty == false)
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("has a test for every code that it can answer with")
    func everyCodeIsTested() {
        // Those of magic numbers have tests of their own.
        let tested = Set(TencentCase.all.map(\.code)).union(TencentFault.refusals.values.map(\.rawValue))
        #expect(tested == Set(TencentFault.allCases.map(\.rawValue)))
    }

    @Test("takes a number in each of the vendor's forms", arguments: ["+86", "0086", "86", ""])
    func numberForms(prefix: String) async throws {
        try await RunningSandbox.with { sandbox in
            var call = TencentCall()
            call.members["PhoneNumberSet"] = "[\"\(prefix)13800138000\"]"
            let answer = try await sandbox.send(call)
            #expect(answer == "Ok")
            #expect(sandbox.server.inbox.messages().map(\.mobile) == ["+8613800138000"])
        }
    }

    @Test("decides on each number of a request")
    func severalNumbers() async throws {
        try await RunningSandbox.with { sandbox in
            var call = TencentCall()
            call.members["PhoneNumberSet"] = #"["13800138000","1","+8613800138000","13900139000"]"#
            let response = try await sandbox.response(to: call)
            let codes = try #require(response["SendStatusSet"] as? [NSDictionary]).map { $0["Code"] as? String }
            #expect(
                codes == [
                    "Ok", "InvalidParameterValue.IncorrectPhoneNumber", "LimitExceeded.PhoneNumberThirtySecondLimit",
                    "Ok",
                ])
            #expect(sandbox.server.inbox.messages().count == 2)
        }
    }

    @Test("sends a number one message in 30 seconds")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            var answers: [String] = []
            for wait in [0.0, 0, 29, 1] {
                clock.advance(wait)
                answers.append(try await sandbox.send(TencentCall(at: clock.now)))
            }
            let limit = "LimitExceeded.PhoneNumberThirtySecondLimit"
            #expect(answers == ["Ok", limit, limit, "Ok"])
        }
    }

    @Test("takes signatures that cover the action too, and a content type in capitals")
    func furtherForms() async throws {
        try await RunningSandbox.with { sandbox in
            var call = TencentCall()
            call.signedHeaders = ["content-type", "host", "x-tc-action"]
            call.contentType = "application/json; charset=UTF-8"
            let answer = try await sandbox.send(call)
            #expect(answer == "Ok")
        }
    }

    @Test("leaves a call that names no vendor's action alone")
    func noVendor() async throws {
        try await RunningSandbox.with { sandbox in
            let answer = try await sandbox.request(.POST, "/", body: "{}")
            #expect(answer.status == 404)
        }
    }
}

@Suite("The sandbox's check of Tencent's signature")
struct TencentAuthorizationTests {
    /// A call as the vendor's own libraries sign it.
    struct Vector: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var contentType = "application/json; charset=utf-8"
        var signedHeaders = "content-type;host"
        var timestamp: Int64 = 1_767_323_045
        var scope = "2026-01-02/sms/tc3_request"
        var body = """
            {"PhoneNumberSet":["+8613800138000"],"SmsSdkAppId":"1400006666","TemplateId":"1110",\
            "SignName":"腾讯云","TemplateParamSet":["012345","5"],"SessionContext":"job-01HV"}
            """
        var signature: String

        static let all = [
            Vector(
                testDescription: "two headers",
                signature: "72432249a04f548b117adabeff013c38cdf4b12656eef40153094773f28e3615"),
            Vector(
                testDescription: "plain content type", contentType: "application/json",
                signature: "6587b168be194a7d36e45fe9823cfcb98ea8ab59278df551ded9f48788656508"),
            Vector(
                testDescription: "three headers", signedHeaders: "content-type;host;x-tc-action",
                signature: "89fa7f3194f7f242fd5719e488a6fdf5ee5861a7ed2ea424e162cea3970be211"),
            Vector(
                testDescription: "a time at which China has the next day", timestamp: 1_767_297_845,
                scope: "2026-01-01/sms/tc3_request", body: #"{"PhoneNumberSet":["+8613800138000"]}"#,
                signature: "bf557f4a1bbfa700b67ea32ada08e3e2ef1600ff98fc848af528d7e099c1fe11"),
        ]

        func call() throws -> RootCall {
            let authorization =
                "TC3-HMAC-SHA256 Credential=TESTSECRETID00000000000000000000/\(scope), "
                + "SignedHeaders=\(signedHeaders), Signature=\(signature)"
            var headers = HTTPFields()
            for (name, value) in [
                "content-type": contentType, "x-tc-action": "SendSms", "x-tc-timestamp": "\(timestamp)",
                "authorization": authorization,
            ] { headers[try #require(HTTPField.Name(name))] = value }
            return RootCall(host: "sms.tencentcloudapi.com", headers: headers, body: Data(body.utf8))
        }
    }

    private static func check(_ call: RootCall, secretKey: String, at seconds: Int64) throws {
        var account = SandboxAccount.Tencent()
        account.secretID = "TESTSECRETID00000000000000000000"
        account.secretKey = secretKey
        let now = Date(timeIntervalSince1970: Double(seconds))
        try TencentAuthorization(account: account, now: now).check(call)
    }

    @Test("takes what the vendor's libraries sign, for five minutes either way", arguments: Vector.all)
    func vector(_ vector: Vector) throws {
        let key = "testSecretKey0123456789abcdefXYZ"
        for offset: Int64 in [-300, 0, 300] {
            try Self.check(try vector.call(), secretKey: key, at: vector.timestamp + offset)
        }
        for offset: Int64 in [-301, 301] {
            #expect(throws: TencentFault.timestampStale) {
                try Self.check(try vector.call(), secretKey: key, at: vector.timestamp + offset)
            }
        }
        #expect(throws: TencentFault.signatureMismatch) {
            try Self.check(try vector.call(), secretKey: "another", at: vector.timestamp)
        }
    }
}
