import Logging
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// Store and broker are two databases of one server: the step that charges puts the job on the queue as well.
@Suite(.timeLimit(.minutes(5))) struct OneServerTests {
    @Test func theStepThatChargesPutsTheJobOnTheQueue() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            let started = try await system.start("13800138000")
            let job = try #require(try await system.lastJob())
            #expect(job.mobile == "13800138000")
            #expect(try await system.jobs() == 1)
            #expect(try await system.storeServer.cli("HGET", "{celery}:stats", "enqueued", database: 3) == "1")
            #expect(try await system.storeServer.cli("KEYS", "*celery*", database: 2) == "")
            #expect(try await system.check(started.id, "13800138000", job.code) == .verified)
            // Nothing but the script has come to the queue: the connection to it has sent no command of its own.
            #expect(try await system.calls(of: "lpush") == 1)
        }
    }

    @Test func sealedItIsTheSealedJob() async throws {
        let keys = SealingKeys(.random())
        try await VerificationSystem.run(secrets: .sealed(keys), onOneServer: true) { system in
            let started = try await system.start("13800138000")
            let job = try #require(try await system.lastSealedJob(keys))
            #expect(try await system.jobs() == 1)
            #expect(try await system.check(started.id, "13800138000", job.code) == .verified)
        }
    }

    @Test func theSameCodeAgainHasAJobOfItsOwn() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            let started = try await system.start("13800138000")
            let first = try await system.lastJob()
            system.clock.advance(by: 61)
            guard
                case .started = try await system.verification.resend(
                    started.id, client: system.client, address: system.address, proof: Proof())
            else { return #expect(Bool(false), "not sent again") }
            #expect(try await system.jobs() == 2)
            #expect(try await system.lastJob()?.code == first?.code)
        }
    }

    @Test func aBlockedNumberIsSentNothing() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            _ = try await system.storeServer.cli("SET", "sms:blocked:13800138000", "1", database: 2)
            _ = try await system.start("13800138000")
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func ofManyRequestsForOneNumberOneIsOnTheQueue() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        let picture = try await system.picture()
                        _ = try await system.send("13800138000", picture.id, picture.text)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func whoMayNotChangeTheDatabaseInAScriptSendsTheJobAfterIt() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            let picture = try await system.picture()
            try await system.broker.ping()
            _ = try await system.storeServer.cli("ACL", "SETUSER", "default", "-select")
            guard case .started = try await system.send("13800138000", picture.id, picture.text) else {
                return #expect(Bool(false), "not started")
            }
            #expect(try await system.broker.send(RedisCommand("LLEN", "celery")).integer == 1)
        }
    }

    @Test func aQueueThatRefusesLeavesNothingBehind() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            let picture = try await system.picture()
            _ = try await system.storeServer.cli("ACL", "SETUSER", "default", "-lpush")
            await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, picture.text)
            }
            #expect(try await system.jobs() == 0)
            #expect(try await system.storeServer.cli("KEYS", "sms:verification:*", database: 2) == "")
            _ = try await system.storeServer.cli("ACL", "SETUSER", "default", "+lpush")
            guard case .started = try await system.send("13800138000", picture.id, picture.text) else {
                return #expect(Bool(false), "the same picture at once")
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func whoseReplyWasLostIsTakenOffTheQueueUnlessAWorkerHasIt() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            func step(_ number: String) async throws -> StartStep {
                let picture = try await system.picture()
                var proof = Proof()
                proof.picture = (picture.id, picture.text)
                return try StartStep(
                    StartRequest(
                        mobile: try #require(MobileNumber(mainland: number)), client: system.client,
                        address: system.address, proof: proof),
                    again: nil, secrets: .plain, policy: VerificationPolicy(), limiter: system.limiter,
                    jobs: CodeJobs(
                        producer: TaskProducer(client: system.broker), store: system.store,
                        secrets: .plain, policy: VerificationPolicy()))
            }
            func withdraw(_ step: StartStep) async throws {
                try await step.withdraw(in: system.store, pictureLifetime: .seconds(60), mayHavePushed: true)
            }
            let first = try await step("13800138000")
            _ = try await first.run(in: system.store)
            #expect(try await system.jobs() == 1)
            try await withdraw(first)
            #expect(try await system.jobs() == 0)
            #expect(try await system.storeServer.cli("HGET", "{celery}:stats", "enqueued", database: 3) == "0")
            #expect(try await system.storeServer.cli("KEYS", "sms:verification:*", database: 2) == "")
            #expect(try await system.storeServer.cli("EXISTS", "sms:limit:number:13800138000", database: 2) == "0")

            let second = try await step("13900139000")
            _ = try await second.run(in: system.store)
            _ = try await system.storeServer.cli("LPOP", "celery", database: 3)
            try await withdraw(second)
            #expect(try await system.storeServer.cli("KEYS", "sms:verification:*", database: 2) != "")
            #expect(try await system.storeServer.cli("EXISTS", "sms:limit:number:13900139000", database: 2) == "1")
        }
    }

    @Test func theTutorialsStepPutsItsJobOnTheQueueToo() async throws {
        try await VerificationSystem.run(onOneServer: true) { system in
            let service = VerificationService(
                store: system.store, producer: TaskProducer(client: system.broker), limiter: system.limiter,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            let id = "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c"
            func request() async throws -> CodeRequestOutcome {
                _ = try await system.storeServer.cli("SET", "img_\(id)", "ABCD", database: 2)
                return try await service.requestCode(
                    for: try #require(MobileNumber(mainland: "13800138000")), captchaAnswer: "abcd", captchaID: id,
                    address: nil)
            }
            #expect(try await request() == .sent)
            let job = try #require(try await system.lastJob())
            #expect(try await system.storeServer.cli("GET", "sms_code_13800138000", database: 2) == job.code)
            #expect(try await system.calls(of: "lpush") == 1)
            #expect(try await request() == .tooFrequent)
            #expect(try await system.jobs() == 1)
        }
    }
}

extension VerificationSystem {
    /// How often the store's server has run a command.
    fileprivate func calls(of command: String) async throws -> Int {
        let statistics = try await storeServer.cli("INFO", "commandstats")
        let line = statistics.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_\(command):calls=") }
        return line.flatMap { Int($0.split(separator: "=")[1].split(separator: ",")[0]) } ?? 0
    }
}
