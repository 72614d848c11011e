import NIOHTTP1
import Testing

@testable import SandboxGateway

/// A vendor's interface, and its codes for the numbers that end in 50, 51 and so on.
struct VendorCalls: Sendable, CustomTestStringConvertible {
    var provider: Provider
    /// What the inbox says of the template.
    var template: String?
    var accepted: String
    var codes: [String]
    /// What stands before and after a code in an answer.
    var codeFrame = (before: "\"", after: "\"")
    /// Sends a message to a number and returns the answer's text.
    var send: @Sendable (RunningSandbox, _ number: Int) async throws -> RunningSandbox.Answer

    var testDescription: String { provider.rawValue }

    static let all = [
        VendorCalls(
            provider: .yuntongxun, template: "1", accepted: "000000",
            codes: ["160042", "160034", "160061", "111143", "160038", "111111", "160000"]
        ) { sandbox, number in
            var call = TemplateCall()
            call.to = "\"\(number)\""
            return try await sandbox.request(.POST, call.path, headers: call.headers, body: call.body)
        },
        VendorCalls(
            provider: .aliyun, template: SandboxAccount.demo.aliyun.templateCode, accepted: #""OK""#,
            codes: [
                "isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
                "InvalidAccessKeyId.Inactive", "isv.BUSINESS_LIMIT_CONTROL", "Throttling.User",
                "isp.SYSTEM_ERROR",
            ]
        ) { sandbox, number in
            var call = AliyunCall()
            call.parameters["PhoneNumbers"] = "\(number)"
            return try await sandbox.answer(to: call)
        },
        VendorCalls(
            provider: .tencent, template: SandboxAccount.demo.tencent.templateID, accepted: #""Ok""#,
            codes: [
                "InvalidParameterValue.IncorrectPhoneNumber", "FailedOperation.PhoneNumberInBlacklist",
                "UnsupportedOperation.UnsupportedRegion", "AuthFailure.UnauthorizedOperation",
                "LimitExceeded.PhoneNumberThirtySecondLimit", "RequestLimitExceeded", "ServiceUnavailable",
            ]
        ) { sandbox, number in
            var call = TencentCall()
            call.members["PhoneNumberSet"] = "[\"+86\(number)\"]"
            return try await sandbox.request(.POST, "/", headers: call.headers, body: call.body)
        },
        VendorCalls(
            provider: .twilio, template: nil, accepted: #""queued""#,
            codes: ["21211", "21610", "21408", "20003", "20429", "21611", "20500"],
            codeFrame: (#""code":"#, ",")
        ) { sandbox, number in
            var call = TwilioCall()
            call.to = "+86\(number)"
            return try await sandbox.send(call)
        },
        VendorCalls(
            provider: .sns, template: nil, accepted: "<PublishResult>",
            codes: [
                "InvalidParameter", "OptedOut", "UserError", "AuthorizationError", "Throttling", "Throttled",
                "InternalError",
            ],
            codeFrame: ("<Code>", "</Code>")
        ) { sandbox, number in
            var call = PublishCall()
            call.number = "+86\(number)"
            return try await sandbox.send(call)
        },
        VendorCalls(
            provider: .webhook, template: "login", accepted: #""accepted""#,
            codes: ["number_malformed", "blocked", "geo", "auth", "number", "rate", "internal"]
        ) { sandbox, number in
            var call = WebhookCall()
            call.id = "job_\(number)"
            call.to = "+86\(number)"
            return try await sandbox.send(call)
        },
    ]
}
