import Crypto
import Logging
import Metrics
import MetricsTestKit
import RedisClient
import Synchronization
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// The flow of `/v1` against real servers of its own: one for the store, one for the broker.
@Suite(.timeLimit(.minutes(5))) struct PhoneVerificationTests {
    // MARK: - Sending

    @Test func aRightAnswerSendsACodeOnItsWay() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            #expect(started.expiresIn > .seconds(290) && started.expiresIn <= .seconds(300))
            #expect(started.resendAfter > .seconds(59) && started.resendAfter <= .seconds(60))
            let job = try #require(try await system.lastJob())
            #expect(job.mobile == "13800138000")
            #expect(job.code.count == 6)
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aWrongAnswerUsesUpThePicture() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            #expect(try await system.send("13800138000", picture.id, "WRONG") == .proofRefused)
            #expect(try await system.send("13800138000", picture.id, picture.text) == .proofRefused)
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func anAnswerCountsInAnySpelling() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture(of: "ACDEHS")
            #expect(try await system.send("13800138000", picture.id, " 4cdf h5").isStarted)
        }
    }

    @Test func aPictureIsGoodForTheClientAloneThatItWasShownTo() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            var other = system
            other.client = .random()
            #expect(try await other.send("13800138000", picture.id, picture.text) == .proofRefused)
        }
    }

    @Test func ofManyUsesOfOnePictureOnePasses() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            let outcomes = try await together(500) { index in
                try await system.send("1380013\(1000 + index)", picture.id, picture.text)
            }
            #expect(outcomes.count { $0.isStarted } == 1)
            #expect(outcomes.count { $0 == .proofRefused } == 499)
            #expect(try await system.jobs() == 1)
        }
    }

    // MARK: - Again

    @Test func theSameClientWaitsAndGetsTheSameCodeAgain() async throws {
        try await VerificationSystem.run { system in
            let first = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            let picture = try await system.picture()
            guard case .tooSoon(let wait, let id) = try await system.send("13800138000", picture.id, picture.text)
            else {
                return #expect(Bool(false), "the second one is not too soon")
            }
            #expect(wait <= .seconds(60))
            #expect(id == first.id)
            system.clock.advance(by: 60)
            let again = try await system.start("13800138000")
            #expect(again.id == first.id)
            #expect(try await system.lastJob()?.code == code)
            #expect(try await system.jobs() == 2)
            #expect(again.resendAfter > .seconds(119), "the wait grows")
        }
    }

    @Test func resendNeedsNoNewPicture() async throws {
        try await VerificationSystem.run { system in
            let first = try await system.start("13800138000")
            func resend() async throws -> StartOutcome {
                try await system.verification.resend(
                    first.id, client: system.client, address: system.address, proof: Proof())
            }
            guard case .tooSoon = try await resend() else { return #expect(Bool(false), "not too soon") }
            let stranger = try await system.verification.resend(
                first.id, client: .random(), address: system.address, proof: Proof())
            #expect(stranger == .ended)
            system.clock.advance(by: 60)
            #expect(try await resend().isStarted)
            #expect(try await system.jobs() == 2)
            system.clock.advance(by: 10_000)
            #expect(try await resend() == .ended, "it is too old by then")
        }
    }

    @Test func aCodeThatIsSentAgainLivesTenMinutesInAll() async throws {
        try await VerificationSystem.run { system in
            let first = try await system.start("13800138000")
            var ages: [Int] = []
            for (age, wait) in [(60, 60), (180, 120), (480, 300)] {
                system.clock.advance(by: wait)
                let again = try await system.verification.resend(
                    first.id, client: system.client, address: system.address, proof: Proof())
                guard case .started(let started) = again else { continue }
                ages.append(age)
                #expect(started.id == first.id)
                #expect(started.expiresIn <= .seconds(min(300, 600 - age)))
            }
            #expect(ages == [60, 180, 480])
            system.clock.advance(by: 600)
            let late = try await system.verification.resend(
                first.id, client: system.client, address: system.address, proof: Proof())
            #expect(late == .ended)
        }
    }

    @Test func theSameNamedRequestIsAnsweredAgainAndSendsNothing() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            let first = try await system.send("13800138000", picture.id, picture.text, name: "a")
            let second = try await system.send("13800138000", picture.id, picture.text, name: "a")
            guard case .started(let one) = first, case .started(let other) = second else {
                return #expect(Bool(false), "\(first), \(second)")
            }
            #expect(one.id == other.id)
            #expect(try await system.jobs() == 1)
            let conflict = try await system.send("13800138001", picture.id, picture.text, name: "a")
            #expect(conflict == .idempotencyConflict)
        }
    }

    @Test func aNamedRequestWhoseVerificationHasEndedIsNotToldThatACodeIsOnItsWay() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            try await VerificationSystem.run { system in
                let picture = try await system.picture()
                let first = try await system.send("13800138000", picture.id, picture.text, name: "a")
                guard case .started(let started) = first else { return #expect(Bool(false), "\(first)") }
                let code = try #require(try await system.lastJob()?.code)
                #expect(try await system.check(started.id, "13800138000", code) == .verified)
                #expect(try await system.send("13800138000", picture.id, picture.text, name: "a") == .ended)
                #expect(try await system.jobs() == 1)
            }
        }
        #expect(try metrics.expectCounter("captcha.answers", [("outcome", "right")]).totalValue == 1)
    }

    @Test func aRequestThatIsAnsweredAgainLooksAtNoPicture() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            try await VerificationSystem.run { system in
                let picture = try await system.picture()
                for _ in 0..<3 { _ = try await system.send("13800138000", picture.id, picture.text, name: "a") }
            }
        }
        #expect(try metrics.expectCounter("captcha.answers", [("outcome", "right")]).totalValue == 1)
        let sends = try ["sent", "repeated"].map {
            try metrics.expectCounter("verification.events", [("event", "send"), ("outcome", $0)]).totalValue
        }
        #expect(sends == [1, 2])
    }

    // MARK: - The check

    @Test func theRightCodeIsGoodOnce() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
            #expect(try await system.check(started.id, "13800138000", code) == .ended)
        }
    }

    @Test func ofManyRightAnswersOneCounts() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            let outcomes = try await together(500) { _ in try await system.check(started.id, "13800138000", code) }
            #expect(outcomes.count { $0 == .verified } == 1)
            #expect(outcomes.count { $0 == .ended } == 499)
        }
    }

    @Test func ofManyWrongAnswersFiveCountAndThenItIsVoid() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            let wrong = code == "000000" ? "000001" : "000000"
            let outcomes = try await together(500) { _ in try await system.check(started.id, "13800138000", wrong) }
            for left in 0..<5 { #expect(outcomes.count { $0 == .wrong(attemptsLeft: left) } == 1) }
            #expect(outcomes.count { $0 == .ended } == 495)
            #expect(try await system.check(started.id, "13800138000", code) == .ended, "the right one is void too")
        }
    }

    @Test func aCodeIsGoodForItsNumberPurposeAndClientAlone() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            var stranger = system
            stranger.client = .random()
            #expect(try await stranger.check(started.id, "13800138000", code) == .ended)
            #expect(try await system.check(started.id, "13800138001", code) == .ended)
            let reset = try #require(Purpose("reset-password"))
            #expect(try await system.check(started.id, "13800138000", code, purpose: reset) == .ended)
            #expect(try await system.check(.random(), "13800138000", code) == .ended)
            #expect(try await system.check(started.id, "13800138000", code) == .verified, "none of that counted")
        }
    }

    @Test func aStrangerDoesNotMakeTheOwnersCodeVoid() async throws {
        try await VerificationSystem.run { system in
            let started = try await system.start("13800138000")
            let code = try #require(try await system.lastJob()?.code)
            system.clock.advance(by: 120)
            var stranger = system
            stranger.client = .random()
            _ = try await stranger.start("13800138000")
            #expect(try await system.lastJob()?.code != code)
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
        }
    }

    // MARK: - Faults

    @Test func whatHasBegunNothingTakesNothingBack() async throws {
        try await VerificationSystem.run { system in
            // As when the reply to a request was lost whose picture never was: the caller's answer must not become right.
            var proof = Proof()
            proof.picture = (.random(), "AAAAAA")
            proof.work = SolvedWork(key: "sms:work:spent", lifetime: .seconds(60), pressure: 0)
            let request = StartRequest(
                mobile: try #require(MobileNumber(mainland: "13800138000")), client: system.client,
                address: system.address, proof: proof, idempotencyKey: "a")
            let step = try StartStep(
                request, again: nil, secrets: .plain, policy: VerificationPolicy(), limiter: system.limiter,
                jobs: CodeJobs(
                    producer: TaskProducer(client: system.broker), store: system.store,
                    secrets: .plain, policy: VerificationPolicy()))
            _ = try await system.storeServer.cli("SET", "sms:work:spent", "1", database: 2)
            try await step.withdraw(in: system.store, pictureLifetime: .seconds(60), mayHavePushed: false)
            #expect(try await system.storeServer.cli("KEYS", "*", database: 2) == "sms:work:spent")
            // Nor after another one has begun something.
            let started = try await system.start("13800138000")
            try await step.withdraw(in: system.store, pictureLifetime: .seconds(60), mayHavePushed: false)
            let code = try #require(try await system.lastJob()?.code)
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
        }
    }

    @Test func aReplyOfTheStoreThatWasLostIsNoReasonToWait() async throws {
        var proxy: FaultProxy?
        func connect(_ server: RedisServer) throws -> FaultProxy? {
            proxy = try FaultProxy(to: server.port)
            return proxy
        }
        try await VerificationSystem.run(through: connect) { system in
            let proxy = try #require(proxy)
            let other = try await system.picture()
            let wrong = try await system.send("13800138000", other.id, "wrong")
            #expect(wrong == .proofRefused, "from here on the server knows the script")
            let picture = try await system.picture()
            proxy.cutBeforeNextReply()
            await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, picture.text)
            }
            #expect(!proxy.isCutPending)
            #expect(try await system.send("13800138000", picture.id, picture.text).isStarted, "with the same picture")
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aRepeatedRequestThatFailsTakesNothingBack() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            let first = try await system.send("13800138000", picture.id, picture.text, name: "a")
            guard case .started(let started) = first else { return #expect(Bool(false), "\(first)") }
            let code = try #require(try await system.lastJob()?.code)
            system.brokerServer.kill()
            await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, "OTHER", name: "a")
            }
            #expect(try await system.storeServer.cli("EXISTS", "sms:captcha:\(picture.id.text)", database: 2) == "0")
            #expect(try await system.check(started.id, "13800138000", code) == .verified)
        }
    }

    @Test func aClientThatHangsUpStopsNothing() async throws {
        try await VerificationSystem.run { system in
            let picture = try await system.picture()
            let request = Task { try await system.send("13800138000", picture.id, picture.text) }
            request.cancel()
            #expect(try await request.value.isStarted)
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aBrokerThatIsDownTakesNothingAndTheCallerMayRetryAtOnceWithTheSamePicture() async throws {
        try await VerificationSystem.run { system in
            system.brokerServer.kill()
            let picture = try await system.picture()
            let error = await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, picture.text)
            }
            #expect(error?.part == "broker")
            try await system.brokerServer.restart()
            try await eventually("the broker answers") { (try? await system.broker.ping()) != nil }
            #expect(try await system.send("13800138000", picture.id, picture.text).isStarted)
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aBrokerThatRefusesTakesNothing() async throws {
        try await VerificationSystem.run { system in
            _ = try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "1")
            let picture = try await system.picture()
            await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, picture.text)
            }
            _ = try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "0")
            #expect(try await system.send("13800138000", picture.id, picture.text).isStarted)
        }
    }

    // MARK: - Limits

    @Test func ofManyRequestsForOneNumberOneIsSentAndNobodyHearsTheDifference() async throws {
        try await VerificationSystem.run(table: .withoutCallers) { system in
            let outcomes = try await together(500) { _ in
                var stranger = system
                stranger.client = .random()
                let picture = try await stranger.picture()
                return try await stranger.send("13800138000", picture.id, picture.text)
            }
            #expect(try await system.jobs() == 1)
            let started = outcomes.compactMap { if case .started(let started) = $0 { started } else { nil } }
            #expect(started.count == 500)
            #expect(Set(started.map(\.resendAfter)).count == 1)
            #expect(Set(started.map(\.id)).count == 500)
        }
    }

    @Test func whoHeardNothingGetsACodeAfterTheWait() async throws {
        try await VerificationSystem.run { system in
            var stranger = system
            stranger.client = .random()
            _ = try await stranger.start("13800138000")
            let silent = try await system.start("13800138000")
            #expect(try await system.jobs() == 1)
            system.clock.advance(by: 60)
            let again = try await system.verification.resend(
                silent.id, client: system.client, address: system.address, proof: Proof())
            #expect(again.isStarted)
            #expect(try await system.jobs() == 2)
            let code = try #require(try await system.lastJob()?.code)
            #expect(try await system.check(silent.id, "13800138000", code) == .verified)
        }
    }

    @Test func whoAsksForManyNumbersIsToldToWait() async throws {
        try await VerificationSystem.run { system in
            var caller = system
            for index in 0..<10 {
                caller.client = .random()
                _ = try await caller.start("138\(1000 + index * 37)8000")
            }
            let picture = try await system.picture()
            let outcome = try await system.send("13900139000", picture.id, picture.text)
            guard case .limited(let wait) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(wait > .zero && wait <= .seconds(60))
            #expect(try await system.jobs() == 10)
        }
    }

    @Test func aClientThatAsksForManyNumbersIsToldToWaitFromWhateverAddress() async throws {
        try await VerificationSystem.run { system in
            var caller = system
            for index in 0..<10 {
                caller.address = ClientAddress("192.0.2.\(index)")
                _ = try await caller.start("138\(1000 + index * 37)8000")
            }
            caller.address = ClientAddress("192.0.2.99")
            let picture = try await caller.picture()
            let outcome = try await caller.send("13900139000", picture.id, picture.text)
            guard case .limited(let wait) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(wait > .seconds(3500) && wait <= .seconds(3600), "its own doing, which it may be told")
            #expect(try await system.jobs() == 10)
            caller.client = .random()
            _ = try await caller.start("13900139000")
            #expect(try await system.jobs() == 11, "others at that address go on")
        }
    }

    @Test func beyondTheCreditOfAPrefixMoreProofIsNeededAndConfirmedCodesWidenIt() async throws {
        try await VerificationSystem.run(table: .withoutCallers) { system in
            var started: [StartedVerification] = []
            var codes: [String] = []
            func number(_ index: Int) -> String { "1380013\(8000 + index)" }
            for index in 0..<8 {
                started.append(try await system.start(number(index)))
                codes.append(try #require(try await system.lastJob()?.code))
            }
            func next(work: Int?) async throws -> StartOutcome {
                let picture = try await system.picture()
                var proof = Proof()
                proof.picture = (picture.id, picture.text)
                if let work { proof.work = SolvedWork(key: "sms:work:\(work)", lifetime: .seconds(60), pressure: work) }
                return try await system.verification.start(
                    StartRequest(
                        mobile: try #require(MobileNumber(mainland: number(9))), client: system.client,
                        address: system.address, proof: proof))
            }
            func alone(work: Int) async throws -> StartOutcome {
                var proof = Proof()
                proof.work = SolvedWork(key: "sms:work:alone\(work)", lifetime: .seconds(60), pressure: work)
                return try await system.verification.start(
                    StartRequest(
                        mobile: try #require(MobileNumber(mainland: number(8))), client: system.client,
                        address: system.address, proof: proof))
            }
            #expect(try await next(work: nil) == .proofRequired(pressure: 1))
            #expect(try await next(work: 0) == .proofRequired(pressure: 1))
            #expect(try await alone(work: 2) == .proofRequired(pressure: 1))
            #expect(try await alone(work: 3).isStarted, "much harder work is enough for who does not see the picture")
            for index in 0..<2 {
                #expect(try await system.check(started[index].id, number(index), codes[index]) == .verified)
            }
            #expect(try await next(work: nil).isStarted)
            #expect(try await system.jobs() == 10)
        }
    }

    @Test func whatCouldNotBeSentIsNotCharged() async throws {
        var table = LimitTable()
        table.limits = [SendLimit("number-day", of: .number, 1, per: .seconds(86_400))]
        try await VerificationSystem.run(table: table) { system in
            _ = try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "1")
            let picture = try await system.picture()
            await #expect(throws: VerificationUnavailable.self) {
                try await system.send("13800138000", picture.id, picture.text)
            }
            _ = try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "0")
            #expect(try await system.send("13800138000", picture.id, picture.text).isStarted)
            #expect(try await system.jobs() == 1, "the number's one message a day was still there")
        }
    }

    @Test func anAddressIsShownSoManyPicturesAMinute() async throws {
        try await VerificationSystem.run { system in
            let outcomes = try await together(70) { _ in
                try await system.verification.issuePicture(of: "ACDEHS", to: .random(), at: system.address)
            }
            let refused = outcomes.compactMap { if case .tooMany(let wait) = $0 { wait } else { nil } }
            #expect(refused.count == 10)
            #expect(refused.allSatisfy { $0 > .zero && $0 <= .seconds(60) })
            let other = try await system.verification.issuePicture(
                of: "ACDEHS", to: .random(), at: ClientAddress("192.0.2.2"))
            guard case .issued = other else { return #expect(Bool(false), "another address is shown one") }
        }
    }

    @Test func anOutageLeavesNoTraceOfWhoWasToBeSentNothing() async throws {
        try await VerificationSystem.run { system in
            _ = try await system.storeServer.cli("SET", "sms:blocked:13800138000", "1", database: 2)
            system.brokerServer.kill()
            for _ in 0..<12 {
                let picture = try await system.picture()
                let error = await #expect(throws: VerificationUnavailable.self) {
                    try await system.send("13800138000", picture.id, picture.text)
                }
                #expect(error?.part == "broker")
            }
            let moments = try await system.storeServer.cli("KEYS", "*192.0.2.1*", database: 2)
            #expect(moments.isEmpty, "its address was charged nothing")
            let sessions = try await system.storeServer.cli("KEYS", "sms:limit:session:*", database: 2)
            #expect(sessions.isEmpty, "nor was its session")
        }
    }

    @Test func aBrokerThatRefusesWritesAloneRefusesWhoIsSentNothingToo() async throws {
        try await VerificationSystem.run { system in
            _ = try await system.storeServer.cli("SET", "sms:blocked:13800138000", "1", database: 2)
            for setting in ["min-replicas-to-write", "maxmemory"] {
                _ = try await system.brokerServer.cli("CONFIG", "SET", setting, "1")
                for number in ["13800138000", "13900139000"] {
                    let picture = try await system.picture()
                    let error = await #expect(throws: VerificationUnavailable.self) {
                        try await system.send(number, picture.id, picture.text)
                    }
                    #expect(error?.part == "broker")
                }
                _ = try await system.brokerServer.cli("CONFIG", "SET", setting, "0")
            }
            _ = try await system.start("13800138000")
            #expect(try await system.jobs() == 0)
        }
    }

    // MARK: - Proof of work

    @Test func workIsSpentOnce() async throws {
        try await VerificationSystem.run(table: .withoutCallers) { system in
            let outcomes = try await together(500) { index in
                var proof = Proof()
                proof.work = SolvedWork(key: "sms:work:one", lifetime: .seconds(60), pressure: 0)
                return try await system.verification.start(
                    StartRequest(
                        mobile: try #require(MobileNumber(mainland: "1390013\(1000 + index)")), client: system.client,
                        address: system.address, proof: proof))
            }
            #expect(outcomes.count { $0.isStarted } == 1)
            #expect(outcomes.count { $0 == .proofRefused } == 499)
        }
    }

    // MARK: - Blocked numbers

    @Test func aBlockedNumberHearsTheSameAndIsSentNothing() async throws {
        try await VerificationSystem.run { system in
            _ = try await system.storeServer.cli("SET", "sms:blocked:13800138000", "1", database: 2)
            let blocked = try await system.start("13800138000")
            let other = try await system.start("13800138001")
            #expect(blocked.resendAfter == other.resendAfter)
            #expect(try await system.jobs() == 1)
            let key = "sms:verification:\(blocked.id.text)"
            let code = try await system.storeServer.cli("HGET", key, "code", database: 2)
            #expect(code.utf8.count == 6, "it looks like any other in Redis")
            let outcome = try await system.check(blocked.id, "13800138000", code)
            #expect(outcome == .wrong(attemptsLeft: 4), "a code that was sent to nobody is never right")
        }
    }

    @Test(arguments: [false, true]) func theTableBlocksNumbersAlsoWhereTheyAreSealed(isSealed: Bool) async throws {
        let secrets = isSealed ? StoredSecrets.sealed(SealingKeys(.random())) : .plain
        let table = try LimitTable(text: "block +86 138 0013 8000")
        try await VerificationSystem.run(secrets: secrets, table: table) { system in
            let blocked = try await system.start("13800138000")
            #expect(try await system.jobs() == 0)
            let other = try await system.start("13800138001")
            #expect(blocked.resendAfter == other.resendAfter)
            #expect(try await system.jobs() == 1)
            system.clock.advance(by: 60)
            let again = try await system.verification.resend(
                blocked.id, client: system.client, address: system.address, proof: Proof())
            #expect(again.isStarted, "the caller hears what it always hears")
            #expect(try await system.jobs() == 1)
        }
    }

    // MARK: - Sealed

    @Test func sealedNothingInRedisTellsTheCodeOrTheNumber() async throws {
        let keys = SealingKeys(.random())
        try await VerificationSystem.run(secrets: .sealed(keys)) { system in
            let picture = try await system.picture()
            #expect(try await system.storeServer.cli("GET", "sms:captcha:\(picture.id.text)", database: 2) != "")
            #expect(try await system.dump().contains(picture.text) == false)
            #expect(try await system.send("13800138000", picture.id, picture.text).isStarted)
            let message = try await system.brokerServer.cli("LINDEX", "celery", "0", database: 3)
            let job = try #require(try await system.lastSealedJob(keys))
            #expect(job.mobile == "13800138000")
            #expect(message.contains("138****8000"), "people still see whom it is for")
            for text in [job.code, "13800138000"] {
                #expect(!message.contains(text))
                #expect(try await system.dump().contains(text) == false)
            }
        }
    }

    @Test func sealedAnOwnerCannotBeMovedIntoAnotherVerification() async throws {
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(.random()))) { system in
            let victims = try await system.start("13800138000")
            let own = try await system.start("13900139000")
            let keys = [victims, own].map { "sms:verification:\($0.id.text)" }
            // Who may write to the store knows the code of his own, and would have another number verified with it.
            let code = try #require(try await system.store.send(RedisCommand("HGET", keys[1], "code")).optional?.text)
            let owner = try await system.store.send(RedisCommand("HGET", keys[0], "owner")).text
            _ = try await system.store.send(RedisCommand("HSET", keys[1], "owner", owner))
            #expect(!code.isEmpty)
            #expect(try await system.check(own.id, "13800138000", "000000") == .ended)
        }
    }

    @Test func sealedItGoesOnAfterTheKeyWasChanged() async throws {
        let (old, new) = (SecretKey.random(), SecretKey.random())
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(old))) { system in
            let picture = try await system.picture()
            let started = try await system.start("13800138001")
            let code = try #require(try await system.lastSealedJob(SealingKeys(old))?.code)
            let later = system.with(.sealed(SealingKeys(new, others: [old])))
            #expect(try await later.send("13800138000", picture.id, picture.text).isStarted)
            #expect(try await later.check(started.id, "13800138001", code) == .verified)
        }
    }

    @Test func sealedANamedRequestIsKnownByAKeyedHashAlone() async throws {
        let (old, new) = (SecretKey.random(), SecretKey.random())
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(old))) { system in
            let picture = try await system.picture()
            let first = try await system.send("13800138000", picture.id, picture.text, name: "a")
            guard case .started(let one) = first else { return #expect(Bool(false), "\(first)") }
            let name = "sms:request:\(system.client.text):a"
            let stored = try await system.storeServer.cli("HGET", name, "fingerprint", database: 2)
            let guess = SHA256.hash(data: Array("13800138000 verify \(picture.id.text)".utf8))
            #expect(!stored.isEmpty && stored != Base64URL.encode(guess))

            let later = system.with(.sealed(SealingKeys(new, others: [old])))
            let second = try await later.send("13800138000", picture.id, picture.text, name: "a")
            guard case .started(let other) = second else { return #expect(Bool(false), "\(second)") }
            #expect(one.id == other.id, "it is known after a change of keys")
            let conflict = try await later.send("13800138001", picture.id, picture.text, name: "a")
            #expect(conflict == .idempotencyConflict)
            let stranger = system.with(.sealed(SealingKeys(new)))
            let unknown = try await stranger.send("13800138000", picture.id, picture.text, name: "a")
            #expect(unknown == .idempotencyConflict, "without the key nobody makes the hash")
        }
    }

    @Test func aChangeOfTheSealingKeyKeepsWhatWasCounted() async throws {
        let (old, new) = (SecretKey.random(), SecretKey.random())
        var table = LimitTable.withoutCallers
        table.credit.start = 2
        table.credit.ceiling = 2
        table.credit.refusalMultiple = 1
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(old, others: [new])), table: table) { before in
            // While the programs get their keys one after another, requests come to those before and those after it.
            let after = before.with(.sealed(SealingKeys(new, others: [old])), table)
            let started = try await before.start("13800138000")
            let code = try #require(try await before.lastSealedJob(SealingKeys(old))?.code)
            func names() async throws -> Set<String> {
                Set(
                    try await before.storeServer.cli("KEYS", "*", database: 2).split(separator: "\n").map { String($0) }
                )
            }
            let namesBefore = try await names()

            func again(_ system: VerificationSystem) async throws -> StartOutcome {
                try await system.verification.resend(
                    started.id, client: system.client, address: system.address, proof: Proof())
            }
            guard case .tooSoon = try await again(after) else { return #expect(Bool(false), "the client has to wait") }
            var stranger = after
            stranger.client = .random()
            _ = try await stranger.start("13800138000")
            #expect(try await before.jobs() == 1, "and so has the number")

            before.clock.advance(by: 60)
            #expect(try await again(before).isStarted)
            #expect(try await before.jobs() == 2)
            let picture = try await after.picture()
            guard case .limited = try await after.send("13800138001", picture.id, picture.text) else {
                return #expect(Bool(false), "the prefix' credit is used up")
            }
            #expect(try await after.check(started.id, "13800138000", code) == .verified)
            #expect(try await after.start("13800138001").expiresIn > .zero, "the code has come back")
            #expect(try await before.jobs() == 3)
            let namesAfter = try await names()
            #expect(namesBefore.subtracting(namesAfter).contains { $0.hasPrefix("sms:credit:") })
            #expect(namesAfter.count { $0.hasPrefix("sms:credit:") } == 1)
            #expect(namesAfter.count { $0.hasPrefix("sms:limit:number:") } == 2, "each number has one name at a time")
        }
    }

    @Test func aServerThatDoesNotAllowNewNamesCarriesOutRequestsAllTheSame() async throws {
        let (old, new) = (SecretKey.random(), SecretKey.random())
        try await VerificationSystem.run(secrets: .sealed(SealingKeys(old))) { system in
            _ = try await system.start("13800138000")
            _ = try await system.storeServer.cli("ACL", "SETUSER", "default", "-renamenx")
            let later = system.with(.sealed(SealingKeys(new, others: [old])))
            _ = try await later.start("13800138000")
            #expect(try await system.jobs() == 2, "its limits begin anew")
        }
    }
}

/// So many calls side by side.
private func together<Value: Sendable>(
    _ count: Int, _ call: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        for index in 0..<count { group.addTask { try await call(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

extension LimitTable {
    /// For tests in which much is asked from one address or by one client.
    static var withoutCallers: LimitTable {
        var table = LimitTable()
        table.limits.removeAll { $0.scope == .address || $0.scope == .session }
        return table
    }
}

extension StartOutcome {
    var isStarted: Bool { if case .started = self { true } else { false } }
}
