import CaptchaImage
import Foundation
import NIOPosix
import RedisClient
import Synchronization
import TaskQueue
import TestSupport
import Testing
import VerificationAPI

/// How long things live.
@Suite(.timeLimit(.minutes(5)))
struct LifetimeTests {
    @Test func `Answers and Redis agree on how long pictures and codes are good, ten minutes at most`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            func life(_ key: String) async throws -> Int {
                try #require(Int(try await system.storeServer.cli("PTTL", key, database: 2)))
            }
            let picture = try await caller.post("captchas")
            #expect(try picture.member("expires_in", Int.self) == 120)
            let pictureLife = try await life("sms:captcha:\(try picture.member("id", String.self))")
            #expect((60_000...120_000).contains(pictureLife))

            let sent = try await caller.start("13800138000")
            #expect(try sent.member("expires_in", Int.self) == 300)
            #expect(try sent.member("resend_after", Int.self) == 60)
            let codeLife = try await life("sms:verification:\(try sent.member("id", String.self))")
            #expect((240_000...300_000).contains(codeLife))

            let expiry = try #require(try TaskMessage(Array(try await system.lastJob().utf8)).expires)
            let jobLife = expiry.since(.now)
            #expect(jobLife > .seconds(240) && jobLife <= .seconds(300), "the job dies with its code")
        }
    }

    @Test func `All that is stored is the product's own and ends by itself`() async throws {
        try await RunningVerificationAPI.run { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            _ = try await caller.check(id, "13800138000", "000000")
            _ = try await caller.start("13900139000", headers: [("Idempotency-Key", "a")])
            _ = try await caller.picture()
            let keys = try await system.storedKeys()
            #expect(keys.count > 8)
            for key in keys {
                #expect(key.hasPrefix("sms:"))
                let life = try #require(Int(try await system.storeServer.cli("PTTL", key, database: 2)))
                #expect(life > 0, "\(key)")
            }
        }
    }

    @Test func `An address beyond its pictures of the minute is drawn none`() async throws {
        let drawn = Mutex(0)
        func configure(_ parts: inout VerificationRouter.Version1) {
            parts.pictures = PictureStock(
                makeText: { "ACDEHK" },
                draw: { text in
                    drawn.withLock { $0 += 1 }
                    return Array(text.utf8)
                })
        }
        try await RunningVerificationAPI.run(configure: configure) { system in
            let caller = system.caller()
            var statuses: [Int] = []
            for _ in 0..<70 { statuses.append(try await caller.post("captchas").status) }
            #expect(statuses == Array(repeating: 201, count: 60) + Array(repeating: 429, count: 10))
            #expect(drawn.withLock { $0 } == 60)
        }
    }

    @Test func `Drawing happens off the event loops`() async throws {
        let drawing = Mutex<(thread: pthread_t, isOnEventLoop: Bool)?>(nil)
        func configure(_ parts: inout VerificationRouter.Version1) {
            parts.pictures = PictureStock(
                makeText: { "ACDEHK" },
                draw: { _ in
                    drawing.withLock { $0 = (pthread_self(), MultiThreadedEventLoopGroup.currentEventLoop != nil) }
                    return []
                })
        }
        // As the program does: requests run on the thread that reads what Redis says.
        let redisThread = await Task(executorPreference: RedisEventLoop.shared) { pthread_self() }.value
        try await withTaskExecutorPreference(RedisEventLoop.shared) {
            try await RunningVerificationAPI.run(configure: configure) { system in
                let answer = try await system.caller().post("captchas")
                #expect(answer.status == 201)
            }
        }
        let (thread, isOnEventLoop) = try #require(drawing.withLock { $0 })
        #expect(thread != redisThread && !isOnEventLoop)
    }

    @Test func `People see of a job whom it is for, monitors neither number nor code`() async throws {
        try await RunningVerificationAPI.run { system in
            _ = try await system.caller().started("13800138000")
            #expect(try await system.lastJob().contains("'138****8000', '******'"))
        }
    }
}
