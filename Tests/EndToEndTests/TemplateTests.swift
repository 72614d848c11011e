import Foundation
import TestSupport
import Testing

/// What a message is for, and in which language, from those who ask for it to the phone.
@Suite(.timeLimit(.minutes(5))) struct TemplateTests {
    private static let templates = """
        text twilio login en Shop: {code} is your code to sign in, valid for {minutes} minutes. Do not share it.
        text twilio *     zh 【商店】您的验证码为{code}，{minutes}分钟内有效，请勿告诉他人。
        """

    /// The settings of the sandbox's account at Twilio, as it prints them.
    private func account(_ sandbox: Program) -> [String: String] {
        let lines = sandbox.outputLines.compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            return parts.count == 2 && parts[0].hasPrefix("SMS_TWILIO_") ? (parts[0], parts[1]) : nil
        }
        return Dictionary(lines) { $1 }
    }

    @Test func ourAPIAndADjangoViewBothChooseTheTemplate() async throws {
        let system = try await RunningSystem()
        let file = URL.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try Data(Self.templates.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker(
            ["--provider", "twilio", "--templates", file.path], environment: account(sandbox))
        let api = try await system.startAPI()

        let client = VerificationClient(api: system.api)
        _ = try await client.start("13800138000", ["purpose": "login", "locale": "en"])
        _ = try await client.start("13800138001", ["locale": "zh-CN"])
        let headers = #"{"sms_purpose": "login", "sms_language": "en-GB"}"#
        _ = try await system.celery.send("13800138002", "123456", "--headers", headers)
        _ = try await system.celery.send("13800138003", "123456")
        try await eventually("all have arrived") { try await system.messages().count == 4 }
        func text(_ mobile: String) async throws -> String? {
            try await system.messages().first { $0.mobile.hasSuffix(mobile) }?.text
        }
        #expect(
            try await text("13800138000")?.hasSuffix("is your code to sign in, valid for 5 minutes. Do not share it.")
                == true)
        #expect(try await text("13800138001")?.hasPrefix("【商店】您的验证码为") == true)
        #expect(try await text("13800138002")?.hasPrefix("Shop: 123456 is your code to sign in") == true)
        #expect(try await text("13800138003")?.hasPrefix("【商店】您的验证码为123456，5分钟") == true)
        withExtendedLifetime((worker, api)) {}
    }

    @Test func aRealCeleryWorkerPassesOverWhatItDoesNotKnow() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI()
        _ = try await VerificationClient(api: system.api).start("13800138000", ["purpose": "login", "locale": "en"])
        #expect(try await system.broker("LRANGE", "celery", "0", "-1").contains(#""sms_purpose":"login""#))
        let celery = try await system.celery.startWorker()
        try await celery.waitForLine(containing: "succeeded in")
        #expect(try await system.broker("LRANGE", "sent", "0", "-1").hasPrefix(#"["13800138000", ""#))
        withExtendedLifetime(api) {}
    }
}
