import Foundation
import Logging
import Testing

@testable import Operations

@Suite struct RunProgramTests {
    @Test func aWrongValueEndsWith78AndOneLine() async throws {
        let result = try await #require(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            await runProgram(name: "sms-worker") {
                let settings = try Settings(declared: [], environment: ["SMS_LOG_LEVEL": "loud"])
                _ = try startLogging(program: "sms-worker", settings: settings)
            }
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(
            lines.last.map(String.init) == #"sms-worker: "loud" is no valid value for SMS_LOG_LEVEL: "#
                + "expected debug, info, notice, warning, error or critical (or trace)")
    }

    @Test func aCheckEndsWith78AndALineForEachFault() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(78), observing: [\.standardErrorContent, \.standardOutputContent]
        ) {
            await runProgram(name: "sms-worker") {
                let settings = try Sample.settings(environment: [
                    "SMS_CONCURRENCY": "0", "SMS_BROKER_URL": "localhost", "SMS_YUNTONGXUN_AUTH_TOKEN": "s3cret\ntwo",
                ])
                var check = ConfigurationCheck(settings)
                check.advise("look at this")
                _ = check.reader.read(Sample.concurrency)
                _ = check.reader.require(Sample.account)
                try check.finish(program: "sms-worker")
            }
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n").suffix(4)
        let wanted = [
            "for SMS_CONCURRENCY", "SMS_YUNTONGXUN_AUTH_TOKEN", "for SMS_BROKER_URL", "accountSID is not set",
        ]
        #expect(zip(lines, wanted).allSatisfy { $0.hasPrefix("sms-worker: ") && $0.contains($1) }, "\(lines)")
        #expect(!lines.joined().contains("s3cret"))
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("sms-worker: advice: look at this\n") && !output.contains("is good"))
    }

    @Test func aCheckWithoutAFaultSaysSo() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            await runProgram(name: "sms-worker") {
                try ConfigurationCheck(try Sample.settings()).finish(program: "sms-worker")
            }
            exit(0)
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.hasSuffix("sms-worker: the configuration is good\n"))
    }

    @Test func aPortInUseEndsWith1AndOneLine() async throws {
        let result = try await #require(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            await runProgram(name: "sms-worker") {
                let readiness = Readiness()
                let logger = LineCollector().logger()
                let first = OperationsServer(
                    host: "127.0.0.1", port: 0, readiness: readiness, metrics: MetricsRegistry(), logger: logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await first.run() }
                    let second = OperationsServer(
                        host: "127.0.0.1", port: try await first.listeningPort.number, readiness: readiness,
                        metrics: MetricsRegistry(), logger: logger)
                    defer { group.cancelAll() }
                    try await ServiceRunner(logger: logger, readiness: readiness).run([], operations: second)
                }
            }
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(lines.last?.hasPrefix("sms-worker: 127.0.0.1:") == true)
        #expect(lines.last?.hasSuffix("--operations-port or SMS_OPERATIONS_PORT") == true)
    }

    @Test func aClosedPipeDoesNotEndTheProcess() async {
        await #expect(processExitsWith: .exitCode(7)) {
            await runProgram(name: "sms-worker") {
                let pipe = Pipe()
                try pipe.fileHandleForReading.close()
                var byte: UInt8 = 0
                let count = write(pipe.fileHandleForWriting.fileDescriptor, &byte, 1)
                precondition(count == -1 && errno == EPIPE)
            }
            exit(7)
        }
    }

    @Test func loggingGoesToStandardError() async throws {
        let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
            let settings = try Settings(declared: [], environment: ["SMS_LOG_LEVEL": "INFO", "SMS_LOG_FORMAT": "json"])
            let logger = try startLogging(program: "sms-worker", settings: settings)
            logger.debug("hidden")
            logger.info("shown")
            exit(0)
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("{") }.count == 1)
        #expect(lines.last?.hasSuffix(#""level":"info","logger":"sms-worker","message":"shown"}"#) == true)
    }
}
