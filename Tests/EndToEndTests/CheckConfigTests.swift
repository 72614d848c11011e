import Foundation
import TestSupport
import Testing

/// `--check-config`: all that is wrong, a line each, and nothing is started.
@Suite(.timeLimit(.minutes(5))) final class CheckConfigTests: Sendable {
    private static let account = [
        "SMS_YUNTONGXUN_ACCOUNT_SID": "a1", "SMS_YUNTONGXUN_AUTH_TOKEN": "secret-token", "SMS_YUNTONGXUN_APP_ID": "b2",
    ]
    private let folder = URL.temporaryDirectory.appending(path: "check-config-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private func check(
        _ name: String, _ arguments: [String] = [], _ environment: [String: String] = [:]
    ) async throws -> Program.Finished {
        try await Program.run(Program.built(name), ["--check-config"] + arguments, environment: environment)
    }

    @Test(arguments: ["sms-worker", "sms-api"])
    func whatIsGoodEndsWithZeroAlthoughNoRedisAnswers(_ name: String) async throws {
        let finished = try await check(
            name, [], Self.account.merging(["SMS_BROKER_URL": "redis://127.0.0.1:9/3"]) { $1 })
        #expect(finished.status == .code(0), "\(finished.errorOutput)")
        #expect(finished.output.hasSuffix("\(name): the configuration is good\n"))
        #expect(finished.errorOutput.isEmpty)
    }

    @Test func eachFaultOfTheWorkerHasALine() async throws {
        let codes = try file("codes", "twilio 30007 ok\ntwilio 30008 good\nnobody 1 ok")
        let templates = try file(
            "templates",
            """
            name Shop
            text twilio * en Shop: {code} is your code to sign in for {minutes} minutes.
            text sns * en Shop: {code} is your code to sign in for 10 minutes. Do not share it.
            template tencent * zh 1110 您的登录验证码为{code}，{minutes}分钟内有效，请勿告诉他人。
            """)
        let finished = try await check(
            "sms-worker",
            [
                "--concurrency", "0", "--ack", "never", "--codes", codes, "--templates", templates, "--provider",
                "yuntongxun, aliyun", "--broker", "redis://x/foo", "--seal", "/no/seal", "--periodic-tasks",
                "/no/tasks",
                "--countries", "XX",
            ], Self.account.merging(["SMS_ALIYUN_TEMPLATE_CODE": "1"]) { $1 })
        #expect(finished.status == .code(78))
        let lines = finished.errorOutput.split(separator: "\n")
        let wanted = [
            "for --concurrency", "for --ack", "aliyun.accessKeyID is not set", "aliyun.accessKeySecret is not set",
            "aliyun.signName is not set", "SMS_ALIYUN_TEMPLATE_CODE: \"1\" is not a template's code",
            "--codes (SMS_CODES_FILE): line 2: unknown class", "--codes (SMS_CODES_FILE): line 3: ",
            "--templates (SMS_TEMPLATES_FILE): line 2: does not ask", "line 3: says 10 minutes",
            "--broker (SMS_BROKER_URL): ", "--seal (SMS_SEAL_KEY_FILE): ", "SMS_PERIODIC_TASKS: /no/tasks",
            "'XX' is no country",
        ]
        #expect(lines.count == wanted.count, "\(finished.errorOutput)")
        for word in wanted { #expect(lines.contains { $0.contains(word) && $0.hasPrefix("sms-worker: ") }, "\(word)") }
        #expect(!finished.errorOutput.contains("secret-token"))
    }

    @Test func theLinterLooksAtTheTemplates() async throws {
        let templates = try file(
            "templates",
            """
            name Shop
            text twilio * en Shop: {code} is your code to sign in for {minutes} minutes.
            text sns * en Shop: {code} is your code to sign in for 10 minutes. Do not share it.
            template tencent * zh 1110 您的登录验证码为{code}，5分钟内有效，请勿告诉他人。
            """)
        let finished = try await check("sms-worker", ["--templates", templates], Self.account)
        #expect(finished.status == .code(78))
        let lines = finished.errorOutput.split(separator: "\n")
        #expect(lines.count == 2, "\(finished.errorOutput)")
        #expect(lines.first?.contains("line 2: does not ask to keep the code to oneself") == true)
        #expect(lines.last?.contains("line 3: says 10 minutes, and codes live 5") == true)
        #expect(finished.output.contains("advice: --templates (SMS_TEMPLATES_FILE): line 4: has the minutes typed in"))
        #expect(finished.output.contains("advice: yuntongxun: template 1 is the vendor's for tests"))
    }

    @Test func aCountryThatNoProviderIsKnownToReachIsAdvice() async throws {
        let finished = try await check("sms-worker", [], Self.account.merging(["SMS_COUNTRIES": "CN,HK"]) { $1 })
        #expect(finished.status == .code(0))
        #expect(finished.output.contains("advice: --countries (SMS_COUNTRIES) has HK, and no provider"))
        let unknown = try await check("sms-worker", [], Self.account.merging(["SMS_COUNTRIES": "XX"]) { $1 })
        #expect(unknown.status == .code(78) && unknown.errorOutput.contains("'XX' is no country"))
    }

    @Test func eachFaultOfTheAPIHasALineAndNoKeyIsMade() async throws {
        let key = folder.appending(path: "receipt-key").path
        let good = try await check("sms-api", ["--receipt-key", key])
        #expect(good.status == .code(0), "\(good.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: key), "it would belong to whoever checks")
        let limits = try file("limits", "wait 60s\nlimit none\nwait never")
        let receipt = try file("receipt", "no key")
        let finished = try await check(
            "sms-api",
            [
                "--port", "70000", "--countries", "XX", "--limits", limits, "--receipt-key", receipt, "--seal",
                "/no/seal", "--tls-certificate", "/no/certificate", "--store", "redis://x/foo",
            ], ["SMS_LOG_LEVEL": "loud", "SMS_TRUSTED_HOPS": "1", "SMS_WORK_KEY_FILE": "/no/work"])
        #expect(finished.status == .code(78))
        let lines = finished.errorOutput.split(separator: "\n")
        let wanted = [
            "for --port", "for SMS_LOG_LEVEL", "'XX' is no country", "--limits (SMS_LIMITS_FILE): line 2: ",
            "--limits (SMS_LIMITS_FILE): line 3: ", "--receipt-key (SMS_RECEIPT_KEY_FILE): ",
            "--seal (SMS_SEAL_KEY_FILE): ", "--tls-key (SMS_TLS_KEY_FILE) go together", "--store (SMS_STORE_URL): ",
            "--trusted-proxies", "SMS_WORK_KEY_FILE: ",
        ]
        #expect(lines.count == wanted.count, "\(finished.errorOutput)")
        for word in wanted { #expect(lines.contains { $0.contains(word) }, "\(word)") }
        let wrong = try await check("sms-api", ["--limits", limits])
        #expect(wrong.status == .code(78) && wrong.errorOutput.contains("line 2"))
        let fonts = try await check("sms-api", [], ["SMS_CAPTCHA_FONTS": "/no/such.ttf"])
        #expect(fonts.status == .code(78) && fonts.errorOutput.contains("/no/such.ttf"))
    }

    @Test func keysAndVariablesThatNobodyKnowsHaveALineEach() async throws {
        let settings = try file("settings.json", #"{"sms": {"portt": 1, "broker": {"urll": "x"}}}"#)
        let finished = try await check(
            "sms-worker", ["--config", settings, "--provider", "aliyun"],
            ["SMS_ALIYUN_RAET": "1/s", "SMS_ALIYUN_ACCESS_KEY_SECRET_FILE": "/no/secret", "SMS_API_SERVICE_HOST": "x"])
        #expect(finished.status == .code(78))
        for word in [
            "unknown key sms.portt", "unknown key sms.broker.urll", "cannot read /no/secret",
            "SMS_ALIYUN_RAET is no setting; did you mean SMS_ALIYUN_RATE?", "aliyun.signName is not set",
        ] {
            #expect(finished.errorOutput.split(separator: "\n").contains { $0.contains(word) }, "\(word)")
        }
        #expect(finished.output.contains("advice: SMS_API_SERVICE_HOST is no setting"))
        #expect(!finished.errorOutput.contains("SMS_API_SERVICE_HOST"), "systems set variables of their own")
    }
}
