import InMemoryLogging
import Logging
import TestSupport
import Testing

/// What is logged, and what never is.
@Suite(.timeLimit(.minutes(5)))
struct EventTests {
    @Test func `What a reviewer asks for is logged, without codes, numbers, answers and receipts`() async throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test", factory: { _ in log })
        logger.logLevel = .trace
        var secrets = ["13800138000", "13700137000"]
        try await RunningVerificationAPI.run(logger: logger) { system in
            try await system.block("13700137000")
            let caller = system.caller()
            secrets.append(caller.token)
            let picture = try await caller.picture()
            secrets.append(try #require(picture["captcha_answer"]))
            let id = try await caller.start("13800138000", picture).member("id", String.self)
            let code = try await system.lastCode()
            secrets.append(code)
            _ = try await caller.start("13800138000")
            _ = try await caller.start("13700137000")
            _ = try await caller.start("13800138000", ["captcha_answer": "AAAAAA"])
            _ = try await caller.start("１３８００１３８０００")
            _ = try await caller.check(id, "13800138000", code == "000000" ? "000001" : "000000")
            let verified = try await caller.check(id, "13800138000", code)
            secrets.append(try verified.member("token", String.self))
            _ = try await caller.check(id, "13800138000", code)
            _ = try await system.api.get("/v1/verifications?mobile=13800138000&code=\(code)")
            system.storeServer.kill()
            _ = try await caller.check(id, "13800138000", code)
        }
        let events = log.entries.compactMap { entry -> String? in
            guard let event = entry.metadata["event"], let outcome = entry.metadata["outcome"] else { return nil }
            return "\(event) \(outcome)"
        }
        let expected = [
            "send sent", "send too-soon", "send silent", "send proof-refused", "check wrong", "check verified",
            "check ended",
        ]
        for event in expected { #expect(events.contains { $0.hasPrefix(event) }, "\(event) of \(events)") }
        for line in log.entries.map({ "\($0)" }) {
            for secret in secrets { #expect(!line.reveals(secret), "\(line)") }
        }
    }
}
