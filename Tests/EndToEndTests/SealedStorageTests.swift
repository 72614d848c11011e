import Crypto
import Foundation
import TestSupport
import Testing

/// With `--seal`, neither Redis, its files and `MONITOR`, nor logs and metrics reveal a code, a number or what was answered
/// to a picture, and the message arrives all the same.
@Suite(.timeLimit(.minutes(5))) struct SealedStorageTests {
    private static let mobile = "18612345678"

    @Test func nothingRevealsTheCodeOrTheNumber() async throws {
        let key = FileManager.default.temporaryDirectory.appending(path: "seal-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: key) }
        try Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).write(to: URL(filePath: key))
        let environment = ["SMS_SEAL_KEY_FILE": key, "SMS_LOG_LEVEL": "trace", "SMS_WORK_BITS": "8"]

        let system = try await RunningSystem()
        let monitor = try Program.start("/usr/bin/env", ["redis-cli", "-p", "\(system.redis.port)", "MONITOR"])
        try await monitor.waitForLine(containing: "OK")
        let programs = [
            try await system.startAPI(environment: environment), try await system.startSandbox(),
            try await system.startWorker(environment: environment),
        ]
        #expect(try await system.get("\(system.api)/sms_codes/\(Self.mobile)/").status == 404, "these are plain")
        let client = VerificationClient(api: system.api)
        let id = try await client.start(Self.mobile)
        try await eventually("the message has arrived") { try await system.messages().count == 1 }
        let message = try #require(try await system.messages().first)
        #expect(message.mobile == Self.mobile)
        let wrong = message.code == "000000" ? "000001" : "000000"
        #expect(try await client.check(id, Self.mobile, wrong).status == 422)
        #expect(try await client.check(id, Self.mobile, message.code).status == 200)
        // One that nobody opens any more, so that something is left in Redis and among the dead letters.
        _ = try await system.broker("LPUSH", "celery", #"{"body":"x","headers":{"task":"send_sealed_code"}}"#)
        try await eventually("it is a dead letter") { try await system.broker("ZCARD", "{celery}:dead") == "1" }
        // Some people read pictures, some requests have names.
        let picture = try await client.post("captchas", [:]).text("id")
        let answered: [String: Any] = ["mobile": Self.mobile, "captcha_id": picture, "captcha_answer": "TYPEDANSWER"]
        #expect(try await client.post("verifications", answered).status == 403)
        _ = try await client.start("18612345679", name: "once")
        let guess = Data(SHA256.hash(data: Data("18612345679 verify -".utf8))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        try await eventually("the second message has arrived") { try await system.messages().count == 2 }
        let second = try #require(try await system.messages().first { $0.mobile == "18612345679" })
        _ = try await system.redis.cli("SAVE")

        var written = [monitor.output]
        for port in [system.apiOperationsPort, system.workerOperationsPort] {
            written.append(try await system.get("http://127.0.0.1:\(port)/metrics").text)
        }
        for program in programs {
            program.signal(SIGTERM)
            #expect(try await program.waitForExit() == .code(0))
            written.append(program.output + program.errorOutput)
        }
        monitor.signal(SIGTERM)
        var files = 0
        for case let file as URL in FileManager.default.enumerator(
            at: URL(filePath: system.redis.folder), includingPropertiesForKeys: [.isRegularFileKey]) ?? .init()
        where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            written.append(String(decoding: try Data(contentsOf: file), as: UTF8.self))
            files += 1
        }
        #expect(files >= 3, "the snapshot and the append-only file with its parts")
        for seen in ["sms:verification:", "sms:captcha:\(picture)", "sms:request:"] {
            #expect(monitor.output.contains(seen), "the monitor has seen the traffic")
        }
        for text in written {
            for secret in [message.code, second.code, Self.mobile, "18612345679", "TYPEDANSWER", guess] {
                let leaks = text.split(separator: "\n").filter { $0.reveals(secret) }
                #expect(leaks.isEmpty, "\(secret)")
            }
        }
    }
}
