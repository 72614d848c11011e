import Foundation
import TestSupport
import Testing

/// Faults at the worst moment: between two steps of a request, and while a message is on its way to the gateway.
@Suite(.timeLimit(.minutes(5))) struct RecoveryTests {
    /// The store works and takes the flag, and only then the broker fails: what was written must go again.
    @Test func onlyTheBrokerDownDuringARequest() async throws {
        let system = try await RunningSystem()
        let broker = try await RedisServer.start()
        let api = try await system.startAPI(environment: ["SMS_BROKER_URL": broker.url(database: 3)])
        broker.kill()
        let refused = try await system.requestCode()
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] == "1")
        let left = try await system.redis.cli("KEYS", "*", database: 2)
        #expect(left == "sms:limit:pictures:127.0.0.1/32", "flag, code and charges were taken back")
        let ill = try await system.get(system.readiness(system.apiOperationsPort))
        #expect(ill.status == 503)
        #expect(ill.text.contains(#""store":"ok""#) && !ill.text.contains(#""broker":"ok""#))

        try await broker.restart()
        try await eventually("the broker is back") {
            try await system.get(system.readiness(system.apiOperationsPort)).status == 200
        }
        #expect(try await system.requestCode().text == #"{"code":0,"errmsg":"发送短信成功"}"#)
        #expect(try await broker.cli("LLEN", "celery", database: 3) == "1")
        withExtendedLifetime(api) {}
    }

    @Test func toldToStopWhileItSendsItFinishes() async throws {
        let scene = try await SendingWorker()
        scene.worker.signal(SIGTERM)
        try await scene.worker.waitForLine(containing: "warm shutdown")
        _ = try await scene.system.broker("LPUSH", "celery", scene.message)
        scene.sandbox.signal(SIGCONT)

        #expect(try await scene.worker.waitForExit() == .code(0))
        #expect(scene.worker.errorOutput.contains("Task ccp_send_sms_code[\(scene.id)] succeeded in "))
        #expect(try await scene.system.messages().map(\.code) == ["123456"])
        #expect(try await scene.system.broker("KEYS", "{celery}:claimed:*").isEmpty)
        #expect(try await scene.system.broker("LLEN", "celery") == "1", "what came later is left for others")
    }

    @Test func redisKilledWhileItSends() async throws {
        let scene = try await SendingWorker()
        _ = try await scene.system.broker("LPUSH", "celery", scene.message)
        scene.system.redis.kill()
        scene.sandbox.signal(SIGCONT)
        // The gateway's answer comes while there is nowhere to settle it: it must not lead to a second message.
        try await scene.worker.waitForLine(containing: "succeeded in ")
        try await scene.worker.waitForLine(containing: "lost connection to redis://")
        try await scene.system.redis.restart()
        try await eventually("both jobs are settled, each once") {
            try await scene.system.statistic("succeeded") == "2"
        }
        #expect(try await scene.system.messages().map(\.code) == ["123456", "123456"])
        #expect(try await scene.system.broker("KEYS", "{celery}:claimed:*").isEmpty)
        #expect(try await scene.system.broker("LLEN", "celery") == "0")
    }

    @Test func rightCredentialsDeliverWhatWrongOnesCouldNot() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let mistaken = try await system.startWorker(
            environment: ["SMS_YUNTONGXUN_AUTH_TOKEN": "0123456789abcdef0123456789abcdef"])
        let id = try await system.celery.send("13800138000", "123456")
        try await mistaken.waitForLine(containing: "111109")
        try await eventually("the job is in the schedule") {
            try await system.broker("ZRANGE", "{celery}:scheduled", "0", "-1").contains(id)
        }
        mistaken.signal(SIGTERM)
        #expect(try await mistaken.waitForExit() == .code(0))
        #expect(!mistaken.errorOutput.contains("0123456789abcdef"), "the token is not written")
        #expect(try await system.messages().isEmpty)

        let worker = try await system.startWorker()
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(id)] succeeded in ")
        #expect(try await system.messages().map(\.code) == ["123456"])
        withExtendedLifetime(sandbox) {}
    }

    @Test func stoppedBeforeItEverReachedRedis() async throws {
        let system = try await RunningSystem()
        system.redis.stop()
        let worker = try await system.startWorker(ready: false)
        try await worker.waitForLine(containing: "cannot connect: Connection refused; trying again")
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        #expect(!worker.errorOutput.contains("Connected to "))
        #expect(!worker.errorOutput.contains("ready."))
    }
}

/// A worker in the middle of a call: the gateway is a frozen process, which takes the call and does not answer.
private struct SendingWorker {
    let system: RunningSystem
    let sandbox: Program
    let worker: Program
    /// The job's id, and its whole message.
    let id: String
    let message: String

    init() async throws {
        let system = try await RunningSystem()
        self.system = system
        sandbox = try await system.startSandbox()
        sandbox.signal(SIGSTOP)
        id = try await system.celery.send("13800138000", "123456")
        message = try await system.broker("LRANGE", "celery", "0", "-1")
        worker = try await system.startWorker(["--concurrency", "1"])
        try await eventually("the call is on its way") {
            let claimed = try await system.broker("KEYS", "{celery}:claimed:*")
            guard !claimed.isEmpty else { return false }
            return try await system.broker("HKEYS", claimed).contains(":sent")
        }
    }
}
