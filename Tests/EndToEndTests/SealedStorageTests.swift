import Foundation
import TestSupport
import Testing

/// With `--seal`, neither Redis, its files and `MONITOR`, nor logs and metrics reveal a code, a number or a picture's
/// answer, and the message arrives all the same.
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
        _ = try await client.start("18612345679")
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
        #expect(monitor.output.contains("sms:verification:"), "the monitor has seen the traffic")
        for text in written {
            for secret in [message.code, Self.mobile, "18612345679"] {
                // Digits inside a longer run of digits are a time or a duration.
                let leaks = text.split(separator: "\n").filter { line in
                    line.ranges(of: secret).contains { range in
                        !(range.lowerBound > line.startIndex && line[line.index(before: range.lowerBound)].isNumber)
                            && !(range.upperBound < line.endIndex && line[range.upperBound].isNumber)
                    }
                }
                #expect(leaks.isEmpty, "\(secret)")
            }
        }
    }
}
