import TestSupport
import Testing

/// The console of the real tool in a real browser, beside a real worker.
@Suite(.timeLimit(.minutes(5))) struct ConsolePageTests {
    @Test func itShowsAndMendsTheQueue() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        let port = try freePort()
        let console = try Program.start(
            Program.built("sms-queue"), ["web", "--port", "\(port)", "--store", system.redis.url(database: 2)],
            environment: ["SMS_BROKER_URL": system.redis.url(database: 3)])
        try await console.waitForLine(containing: "console on")
        _ = try tool("chromium", package: "chromium")
        _ = try tool("chromedriver", package: "chromium-driver")
        let finished = try await Program.run(
            TestPython.interpreter(),
            [
                "\(TestPython.packageFolder)/Tests/EndToEndTests/Browser/console_page.py",
                "--url", "http://127.0.0.1:\(port)/", "--redis-url", system.redis.url(database: 3),
            ], timeout: .seconds(240))
        #expect(finished.status == .code(0), "\(finished.output)\(finished.errorOutput)")
        withExtendedLifetime((sandbox, worker, console)) {}
    }
}
