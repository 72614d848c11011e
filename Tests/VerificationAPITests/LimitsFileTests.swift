import Foundation
import InMemoryLogging
import Logging
import Operations
import RedisClient
import SMSVerification
import TestSupport
import Testing

@testable import VerificationAPI

/// What an operator hears about the file of limits.
struct LimitsFileTests {
    private let path = "\(NSTemporaryDirectory())/limits-\(UUID().uuidString)"

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    @Test func `What is wrong is said once, and once that it is over`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("alarm 70%")
        let log = InMemoryLogHandler()
        var watch = LimitsWatch(
            file: try LimitTableFile(path: path), logger: Logger(label: "test", factory: { _ in log }))
        func look() -> [String] {
            let before = log.entries.count
            for _ in 0..<3 { watch.look() }
            return log.entries.dropFirst(before).map { "\($0.level) \($0.message)" }
        }
        let good = "notice the file of limits is in order again: \(path)"

        #expect(look() == [])
        let away = path + ".away"
        try FileManager.default.moveItem(atPath: path, toPath: away)
        let gone = look()
        #expect(gone.count == 1 && gone[0].hasPrefix("error the limits stay as they were: cannot read \(path)"))
        try FileManager.default.moveItem(atPath: away, toPath: path)
        #expect(look() == [good], "the same file")

        try write("alarm")
        #expect(look().count == 1)
        try FileManager.default.removeItem(atPath: path)
        #expect(look().count == 1, "another mistake")
        try write("alarm 60%")
        #expect(look() == [good, "notice limits changed: - alarm 70%; + alarm 60%"])
        try write("alarm 60%\nblock 13800138000")
        #expect(look() == ["notice limits changed: + block 138****8000"])
    }

    @Test func `What has changed stands in the audit log`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("alarm 70%")
        let redis = try await RedisServer.start()
        var configuration = APIConfiguration(
            port: 0, store: try RedisURL(redis.url(database: 2)), broker: try RedisURL(redis.url(database: 3)))
        configuration.limitsFile = path
        let service = try await APIService(configuration, logger: RunningVerificationAPI.silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            _ = try await service.listeningPort.number
            try write("alarm 60%\nblock 13800138000")
            try await eventually("it is written down") {
                try await redis.cli("EXISTS", "{celery}:audit", database: 3) == "1"
            }
            group.cancelAll()
        }
        let entry = try await redis.cli("XRANGE", "{celery}:audit", "-", "+", database: 3)
        for part in ["change limits", "sms-api of ", "- alarm 70%; + block 138****8000; + alarm 60%"] {
            #expect(entry.contains(part), "\(part) in \(entry)")
        }
        #expect(!entry.contains("13800138000"))
    }

    @Test func `What has changed while Redis was away is written down when it is back`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write("alarm 70%")
        let redis = try await RedisServer.start(appendOnly: true)
        let log = InMemoryLogHandler()
        var configuration = APIConfiguration(
            port: 0, store: try RedisURL(redis.url(database: 2)), broker: try RedisURL(redis.url(database: 3)))
        configuration.limitsFile = path
        let service = try await APIService(configuration, logger: Logger(label: "test", factory: { _ in log }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            _ = try await service.listeningPort.number
            redis.stop()
            for percent in [60, 50] {
                try write("alarm \(percent)%")
                try await eventually("the change is taken over") {
                    log.entries.contains { "\($0.message)".contains("+ alarm \(percent)%") }
                }
            }
            try await eventually("it is told that it could not be written") {
                log.entries.contains { "\($0.message)".contains("not in the audit log yet") }
            }
            try await redis.restart()
            try await eventually("both are written down") {
                try await redis.cli("XLEN", "{celery}:audit", database: 3) == "2"
            }
            group.cancelAll()
        }
        let entries = try await redis.cli("XRANGE", "{celery}:audit", "-", "+", database: 3)
        let first = try #require(entries.firstRange(of: "- alarm 70%; + alarm 60%"))
        let second = try #require(entries.firstRange(of: "- alarm 60%; + alarm 50%"))
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test func `A mistake ends the start with an error that names flag and variable`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        func error(countries: String) throws -> String? {
            let variables = ["SMS_LIMITS_FILE": path, "SMS_COUNTRIES": countries]
            let settings = try Settings(declared: APIConfiguration.settings, environment: variables)
            return #expect(throws: ConfigurationError.self) { try APIConfiguration(settings) }?.description
        }
        let missing = try error(countries: "CN")
        #expect(missing?.hasPrefix("--limits (SMS_LIMITS_FILE): cannot read \(path)") == true, "\(missing ?? "")")
        try write("budget budget-day 5000 per 1d")
        let tooLittle = try error(countries: "CN,HK")
        #expect(
            tooLittle?.hasPrefix(
                "--limits (SMS_LIMITS_FILE): budget: budget-day is 5000, less than the price 60000 of one message to "
                    + "country 852") == true, "\(tooLittle ?? "")")
        let settings = try Settings(
            declared: APIConfiguration.settings, environment: ["SMS_LIMITS_FILE": path, "SMS_COUNTRIES": "CN"])
        #expect(try APIConfiguration(settings).limitsFile == path, "it is enough for the mainland")
    }
}
