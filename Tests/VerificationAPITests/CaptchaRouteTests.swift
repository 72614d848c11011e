import NIOHTTP1
import NIOPosix
import SMSVerification
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CaptchaRouteTests {
    private static let id = "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d10"

    @Test(arguments: ["/image_codes/\(id)/", "/image_codes/\(id)"])
    func `The captcha's text comes back drawn and is kept by no cache`(path: String) async throws {
        let flow = ScriptedFlow(captcha: "W3XK")
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
        let draw: @Sendable (String) -> [UInt8] = { text in png + Array(text.utf8) }
        try await withAPI(flow, drawCaptcha: draw) { api in
            let answer = try await api.get(path)
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == ["image/png"])
            #expect(answer.headers["Cache-Control"] == ["no-store"])
            #expect(answer.headers["Pragma"] == ["no-cache"])
            #expect(answer.body == png + Array("W3XK".utf8))
        }
        #expect(flow.captchas == [Self.id])
    }

    @Test(arguments: ["1", "5e3f0d6e0c5c4a46a1a30c1a3b6f7d10", "\(id)0", "5e3f0d6e-0c5c-4a46-a1a3-0c1a3b6f7d1g", "*"])
    func `An id that is no UUID is 404 and makes no captcha`(id: String) async throws {
        let flow = ScriptedFlow()
        try await withAPI(flow) { api in
            let answer = try await api.get("/image_codes/\(id)/")
            #expect(answer.status == 404)
            #expect(answer.text.contains("UUID"))
        }
        #expect(flow.captchas.isEmpty)
    }

    @Test func `Redis that cannot be used is a 503 problem, to be tried again at once`() async throws {
        try await withAPI(ScriptedFlow(failure: .redisIsDown)) { api in
            let answer = try await api.get("/image_codes/\(Self.id)/")
            #expect(answer.status == 503)
            #expect(answer.headers["Retry-After"] == ["1"])
            #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            #expect(!answer.text.contains("Connection refused"))
        }
    }

    @Test func `A drawing that fails is a 500 problem, and the next request is served`() async throws {
        struct NoFont: Error {}
        let attempts = Mutex(0)
        let draw: @Sendable (String) throws -> [UInt8] = { _ in
            let earlier = attempts.withLock { count in
                defer { count += 1 }
                return count
            }
            if earlier == 0 { throw NoFont() }
            return [1, 2, 3]
        }
        try await withAPI(drawCaptcha: draw) { api in
            let failed = try await api.get("/image_codes/\(Self.id)/")
            #expect(failed.status == 500)
            #expect(failed.headers["Content-Type"] == ["application/problem+json"])
            let served = try await api.get("/image_codes/\(Self.id)/")
            #expect(served.body == [1, 2, 3])
        }
    }

    @Test func `An address beyond its pictures of the minute is drawn none`() async throws {
        let drawn = Mutex(0)
        let draw: @Sendable (String) throws -> [UInt8] = { _ in
            drawn.withLock { $0 += 1 }
            return []
        }
        try await withAPI(ScriptedFlow(tooManyCaptchas: .seconds(30)), drawCaptcha: draw) { api in
            let answer = try await api.get("/image_codes/\(Self.id)/")
            #expect(answer.status == 429)
            #expect(answer.headers["Retry-After"] == ["30"])
        }
        #expect(drawn.withLock { $0 } == 0)
    }

    @Test func `Drawing happens off the event loops`() async throws {
        let onEventLoop = Mutex<Bool?>(nil)
        let draw: @Sendable (String) throws -> [UInt8] = { _ in
            onEventLoop.withLock { $0 = MultiThreadedEventLoopGroup.currentEventLoop != nil }
            return []
        }
        try await withAPI(drawCaptcha: draw) { api in
            _ = try await api.get("/image_codes/\(Self.id)/")
        }
        #expect(onEventLoop.withLock { $0 } == false)
    }
}
