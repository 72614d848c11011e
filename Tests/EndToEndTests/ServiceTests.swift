import Foundation
import TestSupport
import Testing

/// The real programs as systemd runs them: with its socket, which here the test owns, and its watchdog.
@Suite(.timeLimit(.minutes(5))) struct ServiceTests {
    private let socket: NotifySocket
    private let variables: [String: String]

    init() throws {
        socket = try NotifySocket("@sms-queue-\(UUID().uuidString)")
        variables = ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "2000000"]
    }

    /// Waits for a datagram, whatever comes before it.
    private func waitFor(_ what: String, _ isMeant: (String) -> Bool) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if let text = await socket.receive(), isMeant(text) { return text }
        }
        throw TestError("systemd was never told: \(what)")
    }

    private func waitFor(_ text: String) async throws {
        _ = try await waitFor(text) { $0 == text }
    }

    @Test func theWorkerIsReadyWhenRedisAnswersAndTellsHowItIsDoing() async throws {
        let system = try await RunningSystem()
        system.redis.stop()
        let worker = try await system.startWorker(environment: variables, ready: false)
        try await worker.waitForLine(containing: "Cannot connect")
        #expect(await socket.receive(within: .milliseconds(500)) == nil)
        try await system.redis.restart()
        // The very first that it says.
        #expect(await socket.receive(within: .seconds(30)) == "READY=1")
        let status = try await waitFor("the status") { $0.hasPrefix("STATUS=0 wait; 0 in flight; last problem ") }
        #expect(status.contains("consumer: Cannot connect to redis://"))
        for _ in 0..<3 { try await waitFor("WATCHDOG=1") }

        worker.signal(SIGHUP)
        _ = try await waitFor("a reload") { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }
        try await waitFor("READY=1")
        try await waitFor("WATCHDOG=1")

        worker.signal(SIGTERM)
        try await waitFor("STOPPING=1")
        #expect(try await worker.waitForExit() == .code(0))
    }

    @Test func theStatusTellsWhatWaitsAndForHowLong() async throws {
        let system = try await RunningSystem()
        let worker = try await system.startWorker(environment: variables)
        _ = try await system.broker("SET", "{celery}:paused", "1")
        let api = try await system.startAPI()
        for mobile in ["13800138000", "13800138001"] { _ = try await system.requestCode(mobile) }
        _ = try await waitFor("two wait") { $0.contains(/STATUS=2 wait, the oldest for \d+ s; 0 in flight/) }
        for program in [worker, api] { program.signal(SIGTERM) }
        _ = try await (worker.waitForExit(), api.waitForExit())
    }

    @Test func theAPIServesAtOnceAndIsReadyWhenRedisAnswers() async throws {
        let system = try await RunningSystem()
        system.redis.stop()
        let api = try await system.startAPI(environment: variables, ready: false)
        #expect(try await system.get("\(system.api)/").status == 200)
        #expect(try await system.get("http://127.0.0.1:\(system.apiOperationsPort)/healthz").status == 200)
        #expect(try await system.get(system.readiness(system.apiOperationsPort)).status == 503)
        #expect(await socket.receive(within: .milliseconds(500)) == nil)
        try await system.redis.restart()
        #expect(await socket.receive(within: .seconds(30)) == "READY=1")
        api.signal(SIGTERM)
        try await waitFor("STOPPING=1")
        #expect(try await api.waitForExit() == .code(0))
    }

    @Test func theAPITakesItsLimitsAnewOnSIGHUP() async throws {
        let limits = "/tmp/sms-limits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: limits) }
        try "limit number-hour number 5 per 1h\n".write(toFile: limits, atomically: true, encoding: .utf8)
        let system = try await RunningSystem()
        let api = try await system.startAPI(
            environment: variables.merging(["SMS_LIMITS_FILE": limits]) { $1 })
        try await waitFor("READY=1")
        _ = try await waitFor("the status") { $0.hasPrefix("STATUS=0 requests in flight") }
        try await waitFor("WATCHDOG=1")
        try "limit number-hour number 4 per 1h\n".write(toFile: limits, atomically: true, encoding: .utf8)
        api.signal(SIGHUP)
        _ = try await waitFor("a reload") { $0.hasPrefix("RELOADING=1") }
        try await waitFor("READY=1")
        #expect(api.errorOutput.contains("limits changed: - limit number-hour number 5 per 1h"))
        try "limit nonsense\n".write(toFile: limits, atomically: true, encoding: .utf8)
        api.signal(SIGHUP)
        _ = try await waitFor("a reload") { $0.hasPrefix("RELOADING=1") }
        try await waitFor("READY=1")
        try await api.waitForLine(containing: "the table of limits stays as it was")
        api.signal(SIGTERM)
        try await waitFor("STOPPING=1")
        #expect(try await api.waitForExit() == .code(0))
    }

    /// One id from the answer of the API through both logs to the gateway.
    @Test func oneIDTiesTheRequestToTheJob() async throws {
        let system = try await RunningSystem()
        let logs = ["SMS_LOG_FORMAT": "json", "SMS_LOG_LEVEL": "debug"]
        let api = try await system.startAPI(environment: logs)
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker(environment: logs)
        let answer = try await system.requestCode()
        let id = try #require(answer.headers["x-request-id"])
        #expect(UUID(uuidString: id) != nil)
        let field = "\"request-id\":\"\(id)\""
        #expect(try await worker.waitForLine(containing: "succeeded").contains(field))
        #expect(worker.errorOutput.contains("Task ccp_send_sms_code[\(id)] received"))
        let accepted = try #require(worker.errorLines.first { $0.contains("accepted the message") })
        #expect(accepted.contains(field))
        let request = try #require(api.errorLines.first { $0.contains("/sms_codes/") && $0.contains(field) })
        #expect(request.contains("\"status\":\"200\"") || request.contains("\"status\":200"))
        for program in [api, worker, sandbox] { program.signal(SIGTERM) }
    }
}
