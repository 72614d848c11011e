import NIOHTTP1
import SMSVerification
import TestSupport
import Testing

/// What a client is told of its message.
@Suite(.timeLimit(.minutes(5))) struct DeliveryStateTests {
    @Test func `A message is queued until more is known of it`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            #expect(try await caller.delivery(id) == "queued")
            let job = try await system.lastJobID()
            try await system.attempt(job, nil)
            #expect(try await caller.delivery(id) == "queued", "it was not sent, and is tried again")
            for state in [MessageState.unknown, .accepted, .failed, .delivered] {
                try await system.attempt(job, state)
                #expect(try await caller.delivery(id) == state.rawValue)
            }
        }
    }

    @Test func `The answer names no provider, no job and no number`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            try await system.attempt(try await system.lastJobID(), .accepted, reference: "biz-1")
            let answer = try await caller.post("verifications/delivery", ["id": id])
            #expect(answer.text == #"{"state":"accepted"}"#)
            #expect(answer.headers["Cache-Control"] == ["no-store"])
        }
    }

    @Test func `A message that is sent again begins anew`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            try await system.attempt(try await system.lastJobID(), .delivered)
            #expect(try await caller.delivery(id) == "delivered")
            // As if the waits were over.
            for key in try await system.storedKeys() where key.hasPrefix("sms:asked:") {
                try await system.storeServer.cli("HSET", key, "resend_at", "0", database: 2)
            }
            for key in try await system.storedKeys() where key.hasPrefix("sms:limit:") {
                try await system.storeServer.cli("DEL", key, database: 2)
            }
            #expect(try await caller.post("verifications/resend", ["id": id]).status == 202)
            #expect(try await system.jobs() == 2)
            #expect(try await caller.delivery(id) == "queued")
            try await system.attempt(try await system.lastJobID(), .accepted)
            #expect(try await caller.delivery(id) == "accepted")
        }
    }

    @Test func `What is unknown, used or another client's is over, no more is said`() async throws {
        try await RunningVerificationAPI.run { system in
            let (caller, stranger) = (system.caller(), system.caller())
            let id = try await caller.started("13800138000")
            let code = try await system.lastCode()
            var answers = [
                try await stranger.post("verifications/delivery", ["id": id]),
                try await caller.post("verifications/delivery", ["id": VerificationID.random().text]),
                try await caller.post("verifications/delivery", ["id": "x"]),
                try await system.api.post("/v1/verifications/delivery", #"{"id":"\#(id)"}"#),
            ]
            #expect(try await caller.check(id, "13800138000", code).status == 200)
            answers.append(try await caller.post("verifications/delivery", ["id": id]))
            for answer in answers { #expect(try answer.problem() == "verification-ended") }
            #expect(Set(answers.map(\.text)).count == 1)
        }
    }

    @Test func `A number that is sent nothing looks as others do`() async throws {
        try await RunningVerificationAPI.run { system in
            try await system.block("13700137000")
            let (caller, silent) = (system.caller(), system.caller())
            let blocked = try await silent.started("13700137000")
            #expect(try await system.jobs() == 0)
            #expect(try await silent.delivery(blocked) == "queued")
            let sent = try await caller.started("13800138000")
            #expect(try await caller.delivery(sent) == "queued")
            // Without a worker that tells what becomes of messages, both stay so; with one, both go on.
            try await system.attempt(try await system.lastJobID(), .accepted)
            #expect(try await caller.delivery(sent) == "accepted")
            try await eventually("it goes on as others do") { try await silent.delivery(blocked) == "accepted" }
        }
    }

    @Test func `That a gateway refuses a number for what others did is not told`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            let job = try await system.lastJobID()
            try await system.attempt(job, .failed, isPrivate: true)
            #expect(try await caller.delivery(id) == "accepted")
            #expect(try await system.deliveryState(job) == "failed", "the operator sees it")
        }
    }

    @Test func `Without the broker nothing is told`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            system.brokerServer.kill()
            let answer = try await caller.post("verifications/delivery", ["id": id])
            #expect(try answer.problem() == "unavailable")
        }
    }
}
