import Foundation
import TestSupport
import Testing

/// No log line, metric or dead letter's detail holds a code or a whole number, whatever the level and the outcome.
@Suite(.timeLimit(.minutes(5))) struct LogPrivacyTests {
    @Test func nothingIsWrittenOfCodesAndNumbers() async throws {
        let system = try await RunningSystem()
        let programs = [
            try await system.startAPI(environment: ["SMS_LOG_LEVEL": "trace", "SMS_WORK_BITS": "8"]),
            try await system.startSandbox(),
            try await system.startWorker(environment: ["SMS_LOG_LEVEL": "trace"]),
        ]
        var secrets = ["138001380001"]
        for mobile in ["13800138000", "18612345678"] {
            #expect(try await system.requestCode(mobile).text.contains(#""code":0"#))
            secrets += [mobile, try await system.redis.cli("GET", "sms_code_\(mobile)", database: 2)]
        }
        let client = VerificationClient(api: system.api)
        let id = try await client.start("13912345678")
        try await eventually("all are delivered") { try await system.messages().count == 3 }
        let code = try #require(try await system.messages().first { $0.mobile == "13912345678" }?.code)
        secrets += ["13912345678", code]
        #expect(try await client.check(id, "13912345678", code == "123456" ? "123457" : "123456").status == 422)
        #expect(try await client.check(id, "13912345678", code).status == 200)
        // Refusals are written about too.
        #expect(try await system.get("\(system.api)/sms_codes/138001380001/").status == 404)
        #expect(try await system.requestCode("18612345678").text.contains(#""code":400"#))
        for text in [#"13800138000 987654"#, #"{"body":"[[\"13800138000\",\"987654\"],{},{}]"}"#] {
            _ = try await system.broker("LPUSH", "celery", text)
        }
        secrets.append("987654")
        try await eventually("both are dead letters") { try await system.broker("ZCARD", "{celery}:dead") == "2" }

        var written = [try await system.broker("HVALS", "{celery}:dead:details")]
        for port in [system.apiOperationsPort, system.workerOperationsPort] {
            written.append(try await system.get("http://127.0.0.1:\(port)/metrics").text)
        }
        for program in programs {
            program.signal(SIGTERM)
            #expect(try await program.waitForExit() == .code(0))
            written.append(program.output + program.errorOutput)
        }
        for text in written {
            #expect(!text.isEmpty)
            for secret in secrets {
                let leaks = text.split(separator: "\n").filter { $0.reveals(secret) }
                #expect(leaks.isEmpty, "\(secret)")
            }
        }
    }
}
