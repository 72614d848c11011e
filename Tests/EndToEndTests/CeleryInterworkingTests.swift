import Foundation
import TestSupport
import Testing

/// Each half beside the real Celery of the other.
@Suite(.timeLimit(.minutes(5))) struct CeleryInterworkingTests {
    @Test func ourWorkerSendsWhatARealCeleryClientAsksFor() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        let plain = try await system.celery.send("13800138000", "123456")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(plain)] succeeded in")
        #expect(try await system.messages().map(\.code) == ["123456"])

        let urgent = try await system.celery.send("13800138001", "000001", "--priority", "9")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(urgent)] succeeded in")
        let delayed = try await system.celery.send("13800138002", "000002", "--countdown", "1")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(delayed)] succeeded in")
        let named = try await system.celery.send("13800138005", "000005", "--by-name", "--priority", "3")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(named)] succeeded in")
        #expect(try await system.messages().map(\.code) == ["000005", "000002", "000001", "123456"])

        let expired = try await system.celery.send("13800138003", "000003", "--expires", "-5")
        try await worker.waitForLine(containing: "Discarding revoked task: ccp_send_sms_code[\(expired)]")
        let pickled = try await system.celery.send("13800138004", "000004", "--serializer", "pickle")
        try await worker.waitForLine(containing: "content-type: the body is application/x-python-serialize")
        #expect(try await system.broker("HVALS", "{celery}:dead:details").contains(pickled))
        #expect(try await system.messages().count == 4)
        withExtendedLifetime(sandbox) {}
    }

    @Test func aRealCeleryWorkerRunsTheJobsOfOurAPI() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI()
        #expect(try await system.requestCode().text.contains(#""code":0"#))
        let code = try await system.redis.cli("GET", "sms_code_13800138000", database: 2)
        let celery = try await system.celery.startWorker()
        try await celery.waitForLine(containing: "succeeded in")
        #expect(try await system.broker("LRANGE", "sent", "0", "-1") == #"["13800138000", "\#(code)"]"#)
        withExtendedLifetime(api) {}
    }

    @Test func bothKindsOfWorkerShareOneQueue() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        let celery = try await system.celery.startWorker()
        _ = try await system.celery.send("13800138000", "123456", "--repeat", "60")
        try await eventually("every job is run by one of them", timeout: .seconds(30)) {
            let theirs = try await system.broker("LLEN", "sent")
            let ours = try await system.messages().count
            return (Int(theirs) ?? 0) + ours == 60
        }
        withExtendedLifetime((sandbox, worker, celery)) {}
    }
}
