import Foundation
import TestSupport
import Testing

/// The real Celery with itself: what the tests of our programs lean on.
@Suite struct CeleryApplicationTests {
    @Test func aRealWorkerRunsWhatARealClientSends() async throws {
        let redis = try await RedisServer.start()
        let application = CeleryApplication(broker: redis.url(database: 3))
        let id = try await application.send("13800138000", "012345")
        #expect(try await redis.cli("LRANGE", "celery", "0", "-1", database: 3).contains(id))

        let worker = try await application.startWorker()
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(id)] succeeded")
        #expect(
            try await redis.cli("LRANGE", application.sentList, "0", "-1", database: 3)
                == #"["13800138000", "012345"]"#)
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
    }

    @Test func optionsOfApplyAsyncArePassedOn() async throws {
        let redis = try await RedisServer.start()
        let application = CeleryApplication(broker: redis.url(database: 3))
        let id = try await application.send("13800138000", "123456", "--priority", "9", "--task-id", "chosen")
        #expect(id == "chosen")
        #expect(try await redis.cli("LLEN", "celery\u{06}\u{16}9", database: 3) == "1")
    }
}
