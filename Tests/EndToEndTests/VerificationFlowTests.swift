import Foundation
import TestSupport
import Testing

/// From the posted number to the phone, through the real programs.
@Suite(.timeLimit(.minutes(5))) struct VerificationFlowTests {
    @Test func aNumberIsPostedAndTheCodeArrives() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI()
        let sandbox = try await system.startSandbox()

        let answer = try await system.requestCode()
        #expect(answer.status == 200)
        #expect(answer.text == #"{"code":0,"errmsg":"发送短信成功"}"#)
        let code = try await system.redis.cli("GET", "sms_code_13800138000", database: 2)
        let job = try await system.broker("LRANGE", "celery", "0", "0")
        #expect(job.contains(#"[[\"13800138000\",\"\#(code)\"],{},{}]"#), "a person reads the job with redis-cli")
        #expect(job.contains("'138****8000', '******'"), "monitors see no secret")

        let worker = try await system.startWorker()
        try await eventually("the same six digits reach the phone") {
            try await system.messages().first.map { $0.code == code && $0.mobile == "13800138000" } ?? false
        }
        try await worker.waitForLine(containing: "succeeded in")
        #expect(worker.outputLines.contains { $0.hasPrefix(".> transport:   redis://127.0.0.1") })
        #expect(worker.errorLines.contains { $0.contains("INFO/MainProcess] Task ccp_send_sms_code[") })

        let again = try await system.requestCode()
        #expect(again.text == #"{"code":400,"errmsg":"发送短信过于频繁"}"#)

        for program in [api, sandbox, worker] {
            program.signal(SIGTERM)
            #expect(try await program.waitForExit() == .code(0))
        }
        for program in [api, worker] {
            for line in program.outputLines + program.errorLines {
                #expect(!line.contains(code) && !line.contains("13800138000"), "\(line)")
            }
        }
    }

    @Test func thePageWorksInABrowserWithTheKeyboardAlone() async throws {
        let system = try await RunningSystem()
        let programs = [
            try await system.startAPI(environment: ["SMS_WORK_BITS": "14"]), try await system.startSandbox(),
            try await system.startWorker(),
        ]
        _ = try tool("chromium", package: "chromium")
        _ = try tool("chromedriver", package: "chromium-driver")
        let finished = try await Program.run(
            TestPython.interpreter(),
            [
                "\(TestPython.packageFolder)/Tests/EndToEndTests/Browser/demo_page.py", "--url", system.api,
                "--redis-url", system.redis.url(database: 2), "--sandbox-url", system.sandbox,
            ], timeout: .seconds(240))
        #expect(finished.status == .code(0), "\(finished.output)\(finished.errorOutput)")
        withExtendedLifetime(programs) {}
    }
}
