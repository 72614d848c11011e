import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import SandboxGateway

@Suite("Numbers that choose their outcome", .timeLimit(.minutes(5)))
struct MagicNumbersTests {
    /// A vendor's interface, and its codes for the numbers that end in 50, 51 and so on.
    struct Vendor: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var accepted: String
        var codes: [String]
        /// What stands before and after a code in an answer.
        var codeFrame = (before: "\"", after: "\"")
        /// Sends a message to a number and returns the answer's text.
        var send: @Sendable (RunningSandbox, _ number: Int) async throws -> RunningSandbox.Answer

        static let all = [
            Vendor(
                testDescription: "yuntongxun", accepted: "000000",
                codes: ["160042", "160034", "160061", "111143", "160038", "111111", "160000"]
            ) { sandbox, number in
                var call = TemplateCall()
                call.to = "\"\(number)\""
                return try await sandbox.request(.POST, call.path, headers: call.headers, body: call.body)
            },
            Vendor(
                testDescription: "aliyun", accepted: #""OK""#,
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
            Vendor(
                testDescription: "tencent", accepted: #""Ok""#,
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
            Vendor(
                testDescription: "twilio", accepted: #""queued""#,
                codes: ["21211", "21610", "21408", "20003", "20429", "21611", "20500"],
                codeFrame: (#""code":"#, ",")
            ) { sandbox, number in
                var call = TwilioCall()
                call.to = "+86\(number)"
                return try await sandbox.send(call)
            },
            Vendor(
                testDescription: "sns", accepted: "<PublishResult>",
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
            Vendor(
                testDescription: "webhook", accepted: #""accepted""#,
                codes: ["number_malformed", "blocked", "geo", "auth", "number", "rate", "internal"]
            ) { sandbox, number in
                var call = WebhookCall()
                call.id = "job_\(number)"
                call.to = "+86\(number)"
                return try await sandbox.send(call)
            },
        ]
    }

    private static var configuration: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.magicNumbers = true
        return configuration
    }

    @Test("bring about each of the vendor's refusals", arguments: Vendor.all)
    func refusals(_ vendor: Vendor) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            for (ending, code) in zip(50..., vendor.codes) {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.codeFrame.before + code + vendor.codeFrame.after), "\(ending)")
                #expect(answer.headers["Retry-After"] == (ending == 55 ? ["2"] : []))
            }
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("fail twice and then get their message", arguments: Vendor.all)
    func failsTwice(_ vendor: Vendor) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            var accepted: [Bool] = []
            for _ in 1...3 {
                let answer = try await vendor.send(sandbox, 13_800_138_056)
                accepted.append(answer.text.contains(vendor.accepted))
            }
            #expect(accepted == [false, false, true])
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("leave the caller without an answer, with the message or without it", arguments: Vendor.all)
    func silence(_ vendor: Vendor) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            let callers = [57, 58].map { ending in
                Task { try await vendor.send(sandbox, 13_800_138_000 + ending).status }
            }
            try await eventually("both calls are counted") {
                try await sandbox.request(.GET, "/stats").json()["received"] as? Int == 2
            }
            #expect(try await sandbox.request(.GET, "/stats").json()["accepted"] as? Int == 1)
            let mobiles = sandbox.server.inbox.messages().map { String($0.mobile.suffix(11)) }
            #expect(mobiles == ["13800138057"])
            for caller in callers {
                caller.cancel()
                await #expect(throws: (any Error).self) { try await caller.value }
            }
        }
    }

    @Test("get an answer that cannot be understood", arguments: Vendor.all)
    func unreadable(_ vendor: Vendor) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            let answer = try await vendor.send(sandbox, 13_800_138_059)
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("<html>"))
            #expect(sandbox.server.inbox.messages().count == 1)
        }
    }

    @Test("are numbers like others unless the sandbox is told so", arguments: Vendor.all)
    func off(_ vendor: Vendor) async throws {
        try await RunningSandbox.with { sandbox in
            for ending in 49...64 {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.accepted))
            }
            #expect(sandbox.server.inbox.messages().count == 16)
        }
    }

    @Test("are those from 50 to 59, and no others", arguments: Vendor.all)
    func range(_ vendor: Vendor) async throws {
        try await RunningSandbox.with(Self.configuration) { sandbox in
            for ending in Array(0...49) + Array(60...99) {
                let answer = try await vendor.send(sandbox, 13_800_138_000 + ending)
                #expect(answer.text.contains(vendor.accepted))
            }
        }
    }
}
