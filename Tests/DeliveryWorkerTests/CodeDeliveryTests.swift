import Logging
import RedisClient
import SMSProviders
import SMSVerification
import SandboxGateway
import Synchronization
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// What follows from a provider's answer, with a real worker and broker and a provider that answers what it is told to.
@Suite(.timeLimit(.minutes(5))) struct CodeDeliveryTests {
    private final class Scripted: SMSProvider {
        let name = "yuntongxun"
        private let result: SendResult
        private let messages = Mutex<[OutgoingMessage]>([])

        init(_ result: SendResult) { self.result = result }

        var sent: [OutgoingMessage] { messages.withLock { $0 } }

        func send(_ message: OutgoingMessage) async -> SendResult {
            messages.withLock { $0.append(message) }
            return result
        }
    }

    private struct System {
        let client: RedisClient
        let provider: Scripted
        let breakers: CircuitBreakers

        @discardableResult
        func enqueue(_ mobile: String = "13800138000", expires: Duration? = nil) async throws -> TaskID {
            try await TaskProducer(client: client).enqueue(
                sendCodeTask(), SendCodeArguments(mobile: mobile, code: "012345"), expires: expires)
        }

        func statistic(_ name: String) async throws -> Int {
            try await client.send(RedisCommand("HGET", "{celery}:stats", name)).optional?.integer ?? 0
        }

        /// In how many milliseconds the job runs again.
        func delay() async throws -> Int {
            let time = try await client.send(RedisCommand("TIME")).array
            let scheduled = try await client.send(
                RedisCommand("ZRANGE", "{celery}:scheduled", "0", "0", "WITHSCORES")
            ).array
            let score = try #require(scheduled.last)
            let due = try #require(Double(try score.text))
            return Int(due) - (try time[0].integer * 1000 + time[1].integer / 1000)
        }
    }

    private func withSystem(
        _ result: SendResult, _ change: (inout DeliveryConfiguration) -> Void = { _ in },
        _ body: (System) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = try await RedisServer.start()
        let redis = RedisConfiguration(url: try RedisURL(server.url(database: 3)))
        let client = RedisClient(redis, logger: logger)
        var configuration = DeliveryConfiguration(
            worker: WorkerConfiguration(broker: redis, name: "test@here"),
            providers: [.yuntongxun(SandboxAccount.demo.yuntongxun(at: "http://127.0.0.1:9"))])
        change(&configuration)
        let provider = Scripted(result)
        let breakers = CircuitBreakers()
        let delivery = CodeDelivery(
            [provider], breakers: breakers, tables: DeliveryTables(),
            sending: Sending(configuration, client: client, logger: logger),
            recorder: AnswerRecorder(
                records: DeliveryRecords(broker: client), clocks: GatewayClocks(logger: logger), logger: logger),
            policy: configuration.policy, logger: logger)
        var registry = TaskRegistry()
        registry.register(sendCodeTask()) { try await delivery.send($0, $1) }
        let worker = TaskWorker(configuration.worker, registry: registry, logger: logger)
        try await client.whileRunning {
            async let _: Void = worker.run()
            try await body(System(client: client, provider: provider, breakers: breakers))
        }
    }

    @Test func aProviderThatAsksForTimeGetsIt() async throws {
        try await withSystem(SendResult(.retry(.internal), retryAfter: .seconds(60), detail: "later")) { system in
            try await system.enqueue()
            try await eventually("it is scheduled") { try await system.statistic("retried") == 1 }
            #expect((50_000...60_000).contains(try await system.delay()))
        }
    }

    @Test func aProviderThatIsClosedForGoodIsCalledOnce() async throws {
        try await withSystem(SendResult(.badConfiguration(.gone), detail: "HTTP 410")) { system in
            try await system.enqueue()
            try await eventually("it is scheduled") { try await system.statistic("retried") == 1 }
            for index in 0..<5 { try await system.enqueue("1380013900\(index)") }
            try await eventually("all are scheduled") { try await system.statistic("scheduled") == 5 }
            #expect(try await system.statistic("retried") == 1, "who has called nobody has used up no retry")
            #expect(system.provider.sent.count == 1)
            #expect(system.breakers.open.map(\.description) == ["yuntongxun (gone)"])
            #expect(try await system.statistic("expired") == 0, "the operator may be quick")
        }
    }

    @Test func whileEveryBreakerIsOpenAMessageWaitsAndUsesUpNoRetry() async throws {
        try await withSystem(SendResult(.accepted, detail: "")) { system in
            let place = CircuitBreakers.Place(provider: "yuntongxun", part: nil)
            system.breakers.adopt(.init(place: place, reason: .rate, wait: .seconds(60)))
            try await system.enqueue()
            try await eventually("it waits") { try await system.statistic("scheduled") == 1 }
            #expect((20_000...31_000).contains(try await system.delay()))
            system.breakers.close(place)
            system.breakers.adopt(.init(place: place, reason: .rate, wait: .milliseconds(3)))
            try await system.enqueue()
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(try await system.statistic("retried") == 0)
        }
    }

    @Test func theCodesExpiryEndsTheWaitForABreaker() async throws {
        try await withSystem(SendResult(.accepted, detail: "")) { system in
            let place = CircuitBreakers.Place(provider: "yuntongxun", part: nil)
            system.breakers.adopt(.init(place: place, reason: .auth, wait: .seconds(60)))
            try await system.enqueue(expires: .seconds(25))
            try await eventually("it has expired") { try await system.statistic("expired") == 1 }
            #expect(system.provider.sent.isEmpty)
        }
    }

    private func enqueue(withReport state: MessageState, _ system: System) async throws {
        _ = try await system.client.send(RedisCommand("SET", "{celery}:paused", "1"))
        let id = try await system.enqueue()
        try await DeliveryRecords(broker: system.client).report(
            state, by: "yuntongxun", reference: nil, jobID: id.text, code: nil)
        _ = try await system.client.send(RedisCommand("DEL", "{celery}:paused"))
    }

    @Test func whatAReportSaysHasArrivedIsNotSentAgain() async throws {
        try await withSystem(SendResult(.unknown(.ambiguous), detail: "")) { system in
            try await enqueue(withReport: .delivered, system)
            try await eventually("the job is done") { try await system.statistic("succeeded") == 1 }
            #expect(system.provider.sent.count == 1)
        }
    }

    @Test func whatAReportSaysHasNotArrivedIsSentAgain() async throws {
        try await withSystem(SendResult(.unknown(.ambiguous), detail: "")) { system in
            try await enqueue(withReport: .failed, system)
            try await eventually("it is sent again") { system.provider.sent.count >= 2 }
            #expect(Set(system.provider.sent.map(\.code)) == ["012345"])
        }
    }

    @Test func aMessageKnowsWhenItMustHaveLeft() async throws {
        try await withSystem(SendResult(.accepted, detail: "")) { system in
            let before = ContinuousClock.now
            try await system.enqueue(expires: .seconds(100))
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            let latest = try #require(system.provider.sent.first?.latest)
            // Ten seconds before the code expires.
            #expect(latest > before + .seconds(80))
            #expect(latest <= ContinuousClock.now + .seconds(90))
        }
    }

    @Test func whatWasTooLateOnItsWayHasExpired() async throws {
        try await withSystem(SendResult(.retry(.expired), detail: "late")) { system in
            try await system.enqueue()
            try await eventually("it is counted") { try await system.statistic("expired") == 1 }
            #expect(try await system.statistic("retried") == 0)
        }
    }

    @Test func whereJobsAreLetGoBeforehandTheyWaitForTheLimitsInPlace() async throws {
        try await withSystem(SendResult(.accepted, detail: "")) { configuration in
            configuration.worker.acknowledgement = .early
            var share = SendingPolicy.Share()
            share.rate = CallRate("8/s")
            configuration.sending.shares = [.yuntongxun: share]
        } _: { system in
            for index in 0..<24 { try await system.enqueue("138001390\(10 + index)") }
            try await eventually("none is lost") { system.provider.sent.count == 24 }
            #expect(try await system.statistic("scheduled") == 0)
        }
    }

    /// Notes which jobs a worker has received.
    private final class Receipts: TaskMiddleware {
        private let received = Mutex<[String]>([])
        var ids: [String] { received.withLock { $0 } }
        var wrapsAttempts: Bool { false }

        func observe(_ event: TaskEvent) {
            guard case .received = event.kind, let id = event.id else { return }
            received.withLock { $0.append(id) }
        }
    }

    @Test func aJobThatWaitsForALimitIsReceivedOnce() async throws {
        let receipts = Receipts()
        try await withSystem(SendResult(.accepted, detail: "")) { configuration in
            var share = SendingPolicy.Share()
            share.rate = CallRate("8/s")
            configuration.sending.shares = [.yuntongxun: share]
            configuration.worker.middleware.append(receipts)
        } _: { system in
            for index in 0..<32 { try await system.enqueue("138001390\(10 + index)") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 32 }
            #expect(try await system.statistic("scheduled") > 0, "some have gone back to the queue")
            #expect(receipts.ids.count == 32)
            #expect(Set(receipts.ids).count == 32)
        }
    }

    @Test(arguments: [(SendOutcome.badNumber(.number), [0, 1, 2]), (.unknown(.ambiguous), [0, 0, 0])])
    func aPersonsRetryRepeatsTheAttemptOnlyWhenNobodyKnowsHowItEnded(
        _ outcome: SendOutcome, _ attempts: [Int]
    ) async throws {
        try await withSystem(SendResult(outcome, detail: "")) { configuration in
            configuration.sending.onUnknown = .hold
            configuration.sending.badNumberMemory = .zero
        } _: { system in
            try await system.enqueue()
            let letters = QueueInspector(client: system.client, queue: "celery").deadLetters
            for count in 1...3 {
                try await eventually("it is dead") { try await letters.count() == 1 }
                #expect(system.provider.sent.count == count)
                if count < 3 { #expect(try await letters.retry(.all).retried == 1) }
            }
            #expect(system.provider.sent.map(\.attempt) == attempts)
        }
    }

    @Test func aJobWithTooLittleLifeLeftDoesNotWaitForTheLimits() async throws {
        try await withSystem(SendResult(.accepted, detail: "")) { configuration in
            var share = SendingPolicy.Share()
            share.rate = CallRate("1/h")
            configuration.sending.shares = [.yuntongxun: share]
        } _: { system in
            try await system.enqueue("13800139010")
            try await eventually("the first is sent") { try await system.statistic("succeeded") == 1 }
            try await system.enqueue("13800139011", expires: .seconds(11))
            try await eventually("the second has expired") { try await system.statistic("expired") == 1 }
            #expect(system.provider.sent.count == 1)
        }
    }
}
