import Foundation
import HTTPTypes
import NIOHTTP1
import Testing

@testable import SandboxGateway

/// A way to spoil a call, and the vendor's code and HTTP status for it.
struct AliyunCase: Sendable, CustomTestStringConvertible {
    var code: String
    var status: Int
    var what: String
    var spoil: @Sendable (inout AliyunCall) -> Void

    init(_ code: String, _ status: Int, _ what: String, _ spoil: @escaping @Sendable (inout AliyunCall) -> Void) {
        self.code = code
        self.status = status
        self.what = what
        self.spoil = spoil
    }

    var testDescription: String { "\(code) \(what)" }

    /// A call with a parameter in another form, or without it.
    private static func parameter(
        _ name: String, _ value: String?, _ code: String, _ what: String, status: Int = 200
    ) -> AliyunCase {
        AliyunCase(code, status, what) { $0.parameters[name] = value }
    }

    static let all: [AliyunCase] = identity + parameters

    private static let identity = [
        AliyunCase("MissingAccessKeyId", 400, "no Authorization") {
            $0.spoilHeaders = { $0.remove(name: "Authorization") }
        },
        AliyunCase("InvalidAccessKeyId.NotFound", 404, "an unknown key") { $0.accessKeyID = "another" },
        AliyunCase("IncompleteSignature", 400, "spaces after the commas") {
            $0.spoilHeaders = { headers in
                let text = headers["Authorization"].joined()
                headers.replaceOrAdd(name: "Authorization", value: text.replacing(",", with: ", "))
            }
        },
        AliyunCase("IncompleteSignature", 400, "the host not signed") { $0.unsigned = ["host"] },
        AliyunCase("IncompleteSignature", 400, "a header of the vendor's not signed") {
            $0.spoilHeaders = { $0.add(name: "x-acs-security-token", value: "t") }
        },
        AliyunCase("IncompleteSignature", 400, "the body's type not signed") {
            $0.asForm = true
            $0.unsigned = ["content-type"]
        },
        AliyunCase("SignatureDoesNotMatch", 400, "a wrong secret") { $0.accessKeySecret += "x" },
        AliyunCase("SignatureDoesNotMatch", 400, "a query that was changed") {
            $0.spoilParameters = { $0.replacing("13800138000", with: "13800138001") }
        },
        AliyunCase("SignatureDoesNotMatch", 400, "a body that was changed") {
            $0.asForm = true
            $0.spoilParameters = { $0.replacing("13800138000", with: "13800138001") }
        },
        AliyunCase("SignatureDoesNotMatch", 400, "a query that cannot be decoded") {
            $0.spoilParameters = { "\($0)%f" }
        },
        AliyunCase("SignatureDoesNotMatch", 400, "another host than was signed") {
            $0.spoilHeaders = { $0.replaceOrAdd(name: "host", value: "other.example.com") }
        },
        AliyunCase("SignatureDoesNotMatch", 400, "a nonce that was changed") {
            $0.spoilHeaders = { $0.replaceOrAdd(name: "x-acs-signature-nonce", value: "n") }
        },
        AliyunCase("InvalidTimeStamp.Format", 400, "no date") { $0.spoilHeaders = { $0.remove(name: "x-acs-date") } },
        AliyunCase("InvalidTimeStamp.Format", 400, "a date with an offset") {
            $0.date = $0.date.replacing("Z", with: "+00:00")
        },
        AliyunCase("InvalidTimeStamp.Expired", 400, "a date of 16 minutes ago") {
            $0.date = AliyunCall.stamp(Date() - 960)
        },
        AliyunCase("InvalidTimeStamp.Expired", 400, "a date in 16 minutes") {
            $0.date = AliyunCall.stamp(Date() + 960)
        },
        AliyunCase("MissingSignatureNonce", 400, "no nonce") { $0.nonce = "" },
        AliyunCase("InvalidAction.NotFound", 404, "another action") { $0.action = "SendSMS" },
        AliyunCase("InvalidVersion", 400, "another version") { $0.version = "2017-05-26" },
    ]

    private static let parameters = [
        parameter("PhoneNumbers", nil, "MissingPhoneNumbers", "no number", status: 400),
        parameter("SignName", nil, "MissingSignName", "no signature name", status: 400),
        parameter("TemplateCode", "", "MissingTemplateCode", "no template", status: 400),
        parameter("PhoneNumbers", "1380013800", "isv.MOBILE_NUMBER_ILLEGAL", "a number that is too short"),
        parameter("PhoneNumbers", "+85291234567", "isv.MOBILE_NUMBER_ILLEGAL", "a number abroad"),
        parameter("PhoneNumbers", "1３８００１３８０００", "isv.MOBILE_NUMBER_ILLEGAL", "full-width digits"),
        parameter("SignName", "其他", "isv.SMS_SIGNATURE_ILLEGAL", "an unknown signature name"),
        parameter("TemplateCode", "SMS_1", "isv.SMS_TEMPLATE_ILLEGAL", "an unknown template"),
        parameter("TemplateParam", #"{"code":12345}"#, "isv.INVALID_JSON_PARAM", "a number among the variables"),
        parameter("TemplateParam", "012345", "isv.INVALID_JSON_PARAM", "variables that are no object"),
        parameter("TemplateParam", nil, "isv.TEMPLATE_MISSING_PARAMETERS", "no variables"),
        parameter(
            "TemplateParam", #"{"minutes":"5"}"#, "isv.TEMPLATE_MISSING_PARAMETERS",
            "another variable than the template's"),
        parameter("TemplateParam", #"{"code":"0123456"}"#, "isv.PARAM_LENGTH_LIMIT", "a code of seven"),
        parameter("TemplateParam", #"{"code":"012"}"#, "isv.PARAM_LENGTH_LIMIT", "a code of three"),
        parameter(
            "TemplateParam", #"{"code":"01 45","minutes":"5"}"#, "isv.TEMPLATE_PARAMS_ILLEGAL", "a code with a gap"),
        AliyunCase("isv.INVALID_PARAMETERS", 200, "a form that cannot be decoded") {
            $0.asForm = true
            $0.rawParameters = "PhoneNumbers=%f"
        },
    ]
}

@Suite("The sandbox's Aliyun interface", .timeLimit(.minutes(5)))
struct AliyunGatewayTests {
    @Test("takes a well-formed call and shows the message", arguments: [false, true])
    func accepted(asForm: Bool) async throws {
        try await RunningSandbox.with { sandbox in
            var call = AliyunCall()
            call.asForm = asForm
            call.parameters["TemplateParam"] = #"{"minutes":"5","code":"012345"}"#
            let answer = try await sandbox.answer(to: call)
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["Code"] as? String == "OK")
            #expect(json["Message"] as? String == "OK")
            #expect((json["RequestId"] as? String).flatMap { UUID(uuidString: $0) } != nil)
            let identifier = try #require(json["BizId"] as? String)
            #expect(identifier.wholeMatch(of: /[0-9]{18}\^0/) != nil)

            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.gateway == "aliyun")
            #expect(shown.mobile == "13800138000")
            #expect(shown.code == "012345")
            #expect(shown.text == "【沙箱测试】您的验证码为：012345，请勿泄露于他人！")
            #expect(shown.messageID == identifier)
        }
    }

    @Test("answers with the vendor's code and status and shows nothing", arguments: AliyunCase.all)
    func refused(_ fault: AliyunCase) async throws {
        try await RunningSandbox.with { sandbox in
            var call = AliyunCall()
            fault.spoil(&call)
            let answer = try await sandbox.answer(to: call)
            #expect(answer.status == fault.status)
            let json = try answer.json()
            #expect(json["Code"] as? String == fault.code)
            #expect((json["Message"] as? String)?.isEmpty == false)
            #expect((json["HostId"] != nil) == (fault.status != 200))
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("has a test for every code that it can answer with")
    func everyCodeIsTested() {
        // Those of magic numbers have tests of their own.
        let elsewhere = AliyunFault.refusals.values.map(\.rawValue) + [AliyunFault.nonceUsed.rawValue]
        #expect(Set(AliyunCase.all.map(\.code)).union(elsewhere) == Set(AliyunFault.allCases.map(\.rawValue)))
    }

    @Test("takes a number with or without the country's code", arguments: ["+86", "0086", "86", ""])
    func numberForms(prefix: String) async throws {
        try await RunningSandbox.with { sandbox in
            var call = AliyunCall()
            call.parameters["PhoneNumbers"] = prefix + "13800138000"
            let answer = try await sandbox.send(call)
            #expect(answer == "OK")
            #expect(sandbox.server.inbox.messages().map(\.mobile) == ["13800138000"])
        }
    }

    @Test("takes no nonce twice")
    func nonce() async throws {
        try await RunningSandbox.with { sandbox in
            let call = AliyunCall()
            var other = call
            other.parameters["PhoneNumbers"] = "13900139000"
            let answers = [try await sandbox.send(call), try await sandbox.send(other)]
            #expect(answers == ["OK", "SignatureNonceUsed"])
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("sends a number one message in 30 seconds, whatever its form, and other numbers theirs")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            func send(_ number: String) async throws -> String {
                var call = AliyunCall(at: clock.now)
                call.parameters["PhoneNumbers"] = number
                return try await sandbox.send(call)
            }
            #expect(try await send("13800138000") == "OK")
            let answer = try await send("+8613800138000")
            #expect(answer == "isv.BUSINESS_LIMIT_CONTROL")
            #expect(try await send("13900139000") == "OK")
            clock.advance(30)
            #expect(try await send("13800138000") == "OK")
        }
    }

    @Test("lets every vendor count a number for itself")
    func vendorsCountApart() async throws {
        try await RunningSandbox.with { sandbox in
            let answers = [
                try await sandbox.send(TemplateCall()), try await sandbox.send(AliyunCall()),
                try await sandbox.send(TencentCall()),
            ]
            #expect(answers == ["000000", "OK", "Ok"])
        }
    }
}

@Suite("The sandbox's check of Aliyun's signature")
struct AliyunAuthorizationTests {
    private static let host = "dysmsapi.aliyuncs.com"
    private static let parameters = """
        OutId=job-01HV&PhoneNumbers=13800138000&SignName=%E9%98%BF%E9%87%8C%E4%BA%91%E7%9F%AD%E4%BF%A1\
        %E6%B5%8B%E8%AF%95&TemplateCode=SMS_154950909&TemplateParam=%7B%22code%22%3A%22012345%22%7D
        """
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// A call as the vendor's own libraries sign it.
    private static func call(
        host: String = host, action: String = "SendSms", version: String = "2017-05-25",
        date: String = "2026-01-02T03:04:05Z", nonce: String = "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        hash: String = emptyHash, query: String = "", body: String = "", keyID: String = "TESTAKID0000000000000001",
        signature: String
    ) throws -> RootCall {
        var fields = [
            "x-acs-action": action, "x-acs-content-sha256": hash, "x-acs-date": date,
            "x-acs-signature-nonce": nonce, "x-acs-version": version,
        ]
        if !body.isEmpty { fields["content-type"] = "application/x-www-form-urlencoded" }
        let list = (fields.keys + ["host"]).sorted().joined(separator: ";")
        fields["authorization"] =
            "ACS3-HMAC-SHA256 Credential=\(keyID),SignedHeaders=\(list),Signature=\(signature)"
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        return RootCall(host: host, query: query, headers: headers, body: Data(body.utf8))
    }

    private static func check(
        _ call: RootCall, keyID: String = "TESTAKID0000000000000001", secret: String = "testSecret0123456789ABCDEFabcd",
        at date: String = "2026-01-02T03:04:05Z"
    ) throws {
        var account = SandboxAccount.Aliyun()
        account.accessKeyID = keyID
        account.accessKeySecret = secret
        try AliyunAuthorization(account: account, now: try Date(date, strategy: .iso8601)).check(call)
    }

    @Test("takes the vector with a query")
    func query() throws {
        let call = try Self.call(
            query: Self.parameters, signature: "98d72c6a6d47bcf9d7b9dd92ac5b11ceeefdb0024deb7f609af6e86de2d084f3")
        try Self.check(call)
        #expect(throws: AliyunFault.signatureMismatch) { try Self.check(call, secret: "another") }
    }

    @Test("takes the vector with a form")
    func form() throws {
        let call = try Self.call(
            hash: "15cf3550849f3208da7fe661a41ace3a546dcbd6245081afcdf93db3e03dab8f", body: Self.parameters,
            signature: "235eb54f0129b883035ce8ea41451a6c8d89baf987bc6c9756ca8f75da3f79f9")
        try Self.check(call)
    }

    @Test("takes the example that the vendor publishes")
    func published() throws {
        let call = try Self.call(
            host: "ecs.cn-shanghai.aliyuncs.com", action: "RunInstances", version: "2014-05-26",
            date: "2023-10-26T10:22:32Z", nonce: "3156853299f313e23d1673dc12e1703d",
            query: "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            keyID: "YourAccessKeyId", signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")
        try Self.check(call, keyID: "YourAccessKeyId", secret: "YourAccessKeySecret", at: "2023-10-26T10:22:32Z")
    }

    @Test("leaves 15 minutes either way")
    func window() throws {
        let call = try Self.call(
            query: Self.parameters, signature: "98d72c6a6d47bcf9d7b9dd92ac5b11ceeefdb0024deb7f609af6e86de2d084f3")
        try Self.check(call, at: "2026-01-02T03:19:05Z")
        try Self.check(call, at: "2026-01-02T02:49:05Z")
        #expect(throws: AliyunFault.dateStale) { try Self.check(call, at: "2026-01-02T03:19:06Z") }
        #expect(throws: AliyunFault.dateStale) { try Self.check(call, at: "2026-01-02T02:49:04Z") }
    }

    @Test("encodes what is not unreserved")
    func encoding() throws {
        let text = "a%20b+c%2Ad%7Ee%2Ff%3Dg%26h%25i%27j%28k%29%21%C3%A9%E4%B8%AD"
        let parameters = try #require(AliyunParameters("b=2&a=\(text)&c"))
        #expect(parameters["a"] == "a b c*d~e/f=g&h%i'j(k)!é中")
        #expect(parameters.canonical == "a=a%20b%20c%2Ad~e%2Ff%3Dg%26h%25i%27j%28k%29%21%C3%A9%E4%B8%AD&b=2&c=")
        for wrong in ["a=%", "a=%4", "a=%zz", "a=%+4", "a=%ff"] { #expect(AliyunParameters(wrong) == nil) }
    }
}
