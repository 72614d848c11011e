import MetricsTestKit
import RedisClient
import SMSVerification
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct DeliveryRecordsTests {
    @Test func aReportThatComesBeforeTheWorkerHasWrittenIsNotLost() async throws {
        try await DeliverySystem.run { system in
            #expect(try await system.report(.delivered, reference: "biz") == .early)
            #expect(try await system.report(.failed, reference: "biz") == .early, "it does not replace the other one")
            #expect(try await system.state("job") == nil)
            try await system.attempt("job", .accepted, reference: "biz")
            #expect(try await system.state("job") == .delivered)
            #expect(try await system.counted()["delivered"] == 1)
            #expect(try await system.report(.delivered, reference: "biz") == .repeated)
            #expect(try await system.counted()["delivered"] == 1)
        }
    }

    @Test func aReportByTheJobTellsWhatBecameOfACallWithoutAnAnswer() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("before", .unknown)
            #expect(try await system.report(.delivered, reference: "biz-1", job: "before") == .new)
            #expect(try await system.state("before") == .delivered)
            #expect(try await system.report(.failed, reference: "biz-2", job: "after") == .early)
            try await system.attempt("after", .unknown)
            #expect(try await system.state("after") == .failed)
        }
    }

    @Test func aReportIsOfItsOwnProvidersMessage() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .accepted, reference: "1", provider: "aliyun")
            #expect(try await system.report(.delivered, reference: "1", provider: "tencent") == .early)
            #expect(try await system.state("job") == .accepted)
        }
    }

    @Test func aReportByTheJobIsOfTheProviderThatCarriedIt() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .accepted, reference: "m", provider: "twilio")
            for state in [MessageState.failed, .delivered] {
                #expect(try await system.report(state, reference: "r", job: "job", provider: "webhook") == .early)
            }
            #expect(try await system.state("job") == .accepted)
            #expect(try await system.counted("webhook") == [:])
            #expect(try await system.report(.delivered, job: "job", provider: "twilio") == .new)
        }
    }

    @Test func thatTheCallBeforeFailedSaysNothingOfTheLastOne() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .unknown)
            try await system.attempt("job", .accepted, reference: "m", provider: "twilio")
            #expect(try await system.report(.failed, reference: "biz", job: "job") == .repeated)
            #expect(try await system.state("job") == .accepted)
            #expect(try await system.report(.delivered, reference: "biz", job: "job") == .new)
            #expect(try await system.state("job") == .delivered)
            #expect(try await system.counted() == ["tried": 1, "delivered": 1])
            // The same provider's, twice.
            try await system.attempt("again", .unknown)
            try await system.attempt("again", .accepted, reference: "second")
            #expect(try await system.report(.failed, reference: "first", job: "again") == .repeated)
            #expect(try await system.report(.failed, reference: "second") == .new)
        }
    }

    @Test func whatTheSameProviderTakesAfterAFailureIsAnotherMessage() async throws {
        try await DeliverySystem.run { system in
            // The first call got no answer, and its message has failed.
            try await system.attempt("job", .unknown)
            #expect(try await system.report(.failed, job: "job") == .new)
            try await system.attempt("job", .accepted, reference: "second")
            #expect(try await system.state("job") == .accepted)
            #expect(try await system.report(.delivered, reference: "second") == .new)
            #expect(try await system.counted()["failed"] == 1, "of two messages one has failed")
            #expect(try await system.counted()["delivered"] == 1)
            // The first one was taken.
            try await system.attempt("again", .accepted, reference: "a1")
            try await system.report(.failed, reference: "a1")
            try await system.attempt("again", .accepted, reference: "a2")
            #expect(try await system.state("again") == .accepted)
            #expect(try await system.report(.failed, reference: "a2") == .new)
            #expect(try await system.state("again") == .failed)
        }
    }

    @Test func whatTheProviderKnowsByItsOwnIDIsTheSameMessage() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .unknown)
            #expect(try await system.report(.failed, reference: "biz", job: "job") == .new)
            // It recognises the call, and gives the id of the message that it has.
            try await system.attempt("job", .accepted, reference: "biz")
            #expect(try await system.state("job") == .failed)
            // It is asked what became of the call.
            try await system.attempt("asked", .unknown)
            try await system.report(.failed, job: "asked")
            try await system.attempt("asked", .accepted, reference: "b", wasCalled: false)
            #expect(try await system.state("asked") == .failed)
        }
    }

    @Test func aMessageThatArrivesAfterAllIsNotCountedAsFailed() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .accepted, reference: "biz")
            #expect(try await system.report(.failed, reference: "biz") == .new)
            #expect(try await system.counted()["failed"] == 1)
            #expect(try await system.report(.delivered, reference: "biz") == .new)
            #expect(try await system.counted()["failed"] == 0)
            #expect(try await system.counted()["delivered"] == 1)
            // The failure was another provider's.
            try await system.attempt("moved", .accepted, reference: "m1")
            try await system.report(.failed, reference: "m1")
            try await system.attempt("moved", .accepted, reference: "m2", provider: "twilio")
            try await system.report(.delivered, reference: "m2", provider: "twilio")
            #expect(try await system.counted()["failed"] == 1)
            #expect(try await system.counted("twilio")["failed"] == nil)
        }
    }

    @Test func aJobThatNoProviderHasAnsweredForEnds() async throws {
        try await DeliverySystem.run { system in
            try await system.end("late", .failed, reason: "expired")
            #expect(try await system.state("late") == .failed)
            #expect(try await system.counted() == [:])
            try await system.end("lost", .unknown, reason: "poison")
            #expect(try await system.state("lost") == .unknown)
            #expect(try await system.report(.delivered, reference: "m", job: "lost") == .new)
            #expect(try await system.state("lost") == .delivered)
            for key in ["late", "lost"] {
                #expect(try await system.client.send(RedisCommand("PTTL", "sms:delivery:message:\(key)")).integer > 0)
            }
        }
    }

    @Test(arguments: [MessageState.unknown, .accepted, .failed, .delivered])
    func whatAProviderHasSaidCountsMoreThanTheJobsEnd(_ state: MessageState) async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", state == .delivered ? .accepted : state, reference: "m")
            if state == .delivered { try await system.report(.delivered, reference: "m") }
            try await system.end("job", .failed, reason: "retries-exhausted")
            #expect(try await system.state("job") == state)
            // Given up, put back, and then answered for.
            try await system.end("back", .failed, reason: "expired")
            let answered = state == .delivered ? .accepted : state
            try await system.attempt("back", answered, reference: "b")
            #expect(try await system.state("back") == answered)
        }
    }

    @Test func aReportThatCameBeforeTheJobsEndIsNotLost() async throws {
        try await DeliverySystem.run { system in
            #expect(try await system.report(.delivered, reference: "m", job: "job", provider: "twilio") == .early)
            #expect(try await system.report(.failed, reference: "m", job: "other", provider: "twilio") == .early)
            try await system.end("job", .unknown, reason: "poison")
            try await system.end("other", .unknown, reason: "poison")
            #expect(try await system.state("job") == .delivered)
            #expect(try await system.state("other") == .failed)
            let labels = [("provider", "twilio"), ("state", "delivered"), ("outcome", "new")]
            #expect(try system.metrics.expectCounter("sms.reports", labels).totalValue == 1)
            #expect(try await system.report(.delivered, reference: "m", job: "job", provider: "twilio") == .repeated)
        }
    }

    @Test func theStateOfAnEndedJobNeverFalls() async throws {
        try await DeliverySystem.run { system in
            try await system.end("job", .unknown, reason: "poison")
            #expect(try await system.report(.accepted, reference: "m", job: "job") == .new)
            for state in [MessageState.unknown, .failed] {
                try await system.end("job", state, reason: "expired")
                #expect(try await system.state("job") == .accepted)
            }
            #expect(try await system.report(.delivered, reference: "m", job: "job") == .new)
            try await system.end("job", .unknown, reason: "poison")
            #expect(try await system.state("job") == .delivered)
        }
    }

    @Test func whatWasGivenUpAndPutBackIsUnknownOnceItMayHaveBeenSent() async throws {
        try await DeliverySystem.run { system in
            try await system.end("job", .failed, reason: "expired")
            for state in [MessageState.unknown, .failed] {
                try await system.end("job", state, reason: "interrupted")
                #expect(try await system.state("job") == .unknown)
            }
            #expect(try await system.report(.failed, reference: "m", job: "job") == .new)
            try await system.end("job", .unknown, reason: "interrupted")
            #expect(try await system.state("job") == .failed, "a gateway has said so")
        }
    }

    @Test func whatWasNotSentIsCountedAndLeavesTheMessageQueued() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", nil)
            #expect(try await system.state("job") == nil)
            #expect(try await system.counted() == ["tried": 1])
            try await system.attempt("job", .accepted, reference: "m", provider: "twilio")
            #expect(try await system.state("job") == .accepted)
            #expect(try await system.counted("twilio") == ["tried": 1, "accepted": 1, "accept_ms": 40])
        }
    }

    @Test func idsThatFitNoKeyNameNoMessage() async throws {
        try await DeliverySystem.run { system in
            let long = String(repeating: "x", count: 129)
            let outcomes = [
                try await system.report(.delivered), try await system.report(.delivered, reference: "", job: "a b"),
                try await system.report(.delivered, reference: long),
            ]
            #expect(outcomes == [.nameless, .nameless, .nameless])
            #expect(try await system.server.cli("DBSIZE", database: 3) == "0")
        }
    }

    @Test func everyKeyHasATimeToLiveAndNoneTellsNumberOrCode() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .accepted, reference: "biz")
            try await system.report(.delivered, reference: "biz")
            try await system.report(.delivered, reference: "unheard-of")
            let keys = try await system.client.send(RedisCommand("KEYS", "*")).array
            #expect(keys.count == 5)
            for key in keys {
                let name = try key.text
                #expect(name.hasPrefix("sms:delivery:"))
                #expect(try await system.client.send(RedisCommand("PTTL", name)).integer > 0, "\(name)")
                let content = try await system.client.send(RedisCommand("DUMP", name)).bytes
                #expect(!String(decoding: content, as: UTF8.self).contains("0013"), "\(name)")
            }
        }
    }

    @Test func reportsAreCountedWithTheTimeSinceTheyWereAccepted() async throws {
        try await DeliverySystem.run { system in
            try await system.attempt("job", .accepted, reference: "biz")
            for _ in 0..<2 { try await system.report(.delivered, reference: "biz") }
            try await system.report(.failed, reference: "other")
            func count(_ state: String, _ outcome: String) throws -> Int64 {
                try system.metrics.expectCounter(
                    "sms.reports", [("provider", "aliyun"), ("state", state), ("outcome", outcome)]
                ).totalValue
            }
            #expect(try count("delivered", "new") == 1)
            #expect(try count("delivered", "repeated") == 1)
            #expect(try count("failed", "early") == 1)
            #expect(try system.metrics.expectTimer("sms.delivery.duration", [("provider", "aliyun")]).values.count == 1)
        }
    }
}
