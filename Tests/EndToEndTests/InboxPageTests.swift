import TestSupport
import Testing

/// The page of the real sandbox in a real browser.
@Suite(.timeLimit(.minutes(5))) struct InboxPageTests {
    @Test func itShowsSettingsMessagesAndFaults() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        _ = try tool("chromium", package: "chromium")
        _ = try tool("chromedriver", package: "chromium-driver")
        let finished = try await Program.run(
            TestPython.interpreter(),
            [
                "\(TestPython.packageFolder)/Tests/EndToEndTests/Browser/inbox_page.py", "--url", system.sandbox,
            ], timeout: .seconds(240))
        #expect(finished.status == .code(0), "\(finished.output)\(finished.errorOutput)")
        withExtendedLifetime(sandbox) {}
    }
}
