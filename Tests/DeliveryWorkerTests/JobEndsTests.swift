import InMemoryLogging
import Logging
import MetricsTestKit
import RedisClient
import SMSVerification
import TestSupport
import Testing

@testable import DeliveryWorker
@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct JobEndsTests {
    private let log = InMemoryLogHandler()
    private let metrics = TestMetrics()

    private func expired(_ id: String) -> TaskEvent {
        TaskEvent(kind: .expired, queue: "celery", task: sendCodeTask().name, id: id, retries: 0)
    }

    /// Nothing is read or sent: the client never runs.
    @Test func endsThatAreNotWrittenDownAreCountedAndLogged() async throws {
        let logger = Logger(label: "test", factory: { _ in log })
        let client = RedisClient(RedisConfiguration(url: try RedisURL("redis://127.0.0.1:1/0")), logger: logger)
        let ends = JobEnds(
            records: DeliveryRecords(broker: client), providers: [], longestLine: 2, metrics: metrics, logger: logger)
        for id in ["1", "2", "3"] { ends.observe(expired(id)) }
        let failed = try metrics.expectCounter("sms.records.failed")
        #expect(failed.totalValue == 1)
        await ends.drain()
        #expect(failed.totalValue == 3)
        ends.observe(expired("4"))
        #expect(failed.totalValue == 4)
        #expect(
            log.entries.map { "\($0.level): \($0.message)" } == [
                "warning: that tasks have ended is not written down of 1: too many wait for the broker",
                "warning: that tasks have ended is not written down of 2: "
                    + "the broker did not take them before the worker stopped",
                "warning: that tasks have ended is not written down of 1: the worker stops",
            ])
    }

    @Test func anAttemptThatAStoppingWorkerCutsOffIsUnknownOnlyWhenItMayHaveGoneOut() async throws {
        let logger = Logger(label: "test", factory: { _ in log })
        let server = try await RedisServer.start()
        let client = RedisClient(RedisConfiguration(url: try RedisURL(server.url(database: 3))), logger: logger)
        try await client.whileRunning {
            let ends = JobEnds(records: DeliveryRecords(broker: client), providers: [], logger: logger)
            for (id, mayHaveGoneOut) in [("inside", true), ("before", false)] {
                var event = TaskEvent(
                    kind: .interrupted, queue: "celery", task: sendCodeTask().name, id: id, retries: 0)
                event.mayHaveHadEffect = mayHaveGoneOut
                ends.observe(event)
            }
            async let _: Void = ends.run()
            await ends.drain()
            #expect(try await server.cli("KEYS", "sms:delivery:*", database: 3) == "sms:delivery:message:inside")
            let known = try await server.cli(
                "HMGET", "sms:delivery:message:inside", "state", "reason", database: 3)
            #expect(known.split(separator: "\n") == ["unknown", "interrupted"])
        }
    }
}
