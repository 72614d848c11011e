import Foundation
import TestSupport
import Testing

/// What `systemctl reload` does: SIGHUP to a worker in the middle of its work.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    /// Puts jobs for so many numbers on the list, in one step.
    private func enqueue(_ count: Int, in system: RunningSystem) async throws {
        let script = """
            for number = 1, tonumber(ARGV[1]) do
              redis.call('LPUSH', 'celery', cjson.encode({
                body = '[["138' .. string.format('%08d', number) .. '","123456"],{},{}]',
                ['content-type'] = 'application/json', properties = {delivery_tag = tostring(number)},
                headers = {task = 'ccp_send_sms_code', id = 'job-' .. number}}))
            end
            """
        _ = try await system.redis.cli("EVAL", script, "0", "\(count)", database: 3)
    }

    @Test func underLoadAFileIsTakenOverABadOneIsNotAndNoJobIsLost() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let file = URL.temporaryDirectory.appending(path: "codes-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        func write(_ text: String) throws { try Data(text.utf8).write(to: file, options: .atomic) }
        try write("# as the product has it\n")
        let worker = try await system.startWorker(["--codes", file.path, "--concurrency", "8"])
        let jobs = 400
        try await enqueue(jobs, in: system)
        var turn = 0
        while try await system.statistic("succeeded") != "\(jobs)" {
            turn += 1
            try write(turn.isMultiple(of: 2) ? "yuntongxun 160054 ok" : "# a mistake\nyuntongxun 160054 good")
            worker.signal(SIGHUP)
            try await Task.sleep(for: .milliseconds(20))
            try #require(worker.isRunning)
        }
        try await worker.waitForLine(containing: "the code table was taken over")
        let refused = try await worker.waitForLine(containing: "the code table stays as it was: line 2: unknown class")
        #expect(refused.contains("ERROR"))
        let messages = try await system.messages(limit: 1000)
        #expect(messages.count == jobs)
        #expect(Set(messages.map(\.mobile)).count == jobs)
        #expect(try await system.broker("LLEN", "celery") == "0")
        #expect(try await system.broker("KEYS", "{celery}:claimed:*").isEmpty)
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        withExtendedLifetime(sandbox) {}
    }

    @Test func withoutAFileSIGHUPChangesNothing() async throws {
        let system = try await RunningSystem()
        let worker = try await system.startWorker()
        worker.signal(SIGHUP)
        try await worker.waitForLine(containing: "reading again what can change")
        #expect(worker.isRunning)
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
    }
}
