import Foundation
import TestSupport
import Testing

/// What the person on call will see: each fault has a clear word, nothing crashes, nothing is lost.
@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    @Test func redisDownAtTheStart() async throws {
        let system = try await RunningSystem()
        system.redis.stop()
        let api = try await system.startAPI(ready: false)
        let worker = try await system.startWorker(ready: false)
        try await api.waitForLine(containing: "cannot connect: Connection refused; trying again")
        try await worker.waitForLine(containing: "cannot connect: Connection refused; trying again")
        let ill = try await system.get(system.readiness(system.apiOperationsPort))
        #expect(ill.status == 503)
        #expect(ill.text.contains("store") && ill.text.contains("Connection refused"))
        try await eventually("the worker says what is ill") {
            try await system.get(system.readiness(system.workerOperationsPort)).status == 503
        }
        let refused = try await system.get("\(system.api)/image_codes/0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c/")
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] == "1")
        #expect(refused.headers["content-type"]?.hasPrefix("application/problem+json") == true)

        try await system.redis.restart()
        try await worker.waitForLine(containing: "ready.")
        try await eventually("the API comes up by itself") {
            try await system.get(system.readiness(system.apiOperationsPort)).status == 200
        }
        withExtendedLifetime((api, worker)) {}
    }

    @Test func redisDownDuringARequest() async throws {
        let system = try await RunningSystem()
        let api = try await system.startAPI()
        system.redis.kill()
        let refused = try await system.get(
            "\(system.api)/sms_codes/13800138000/?image_code=ABCD&image_code_id=0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c")
        #expect(refused.status == 503)
        #expect(refused.text == #"{"code":503,"errmsg":"短信服务暂时不可用，请稍后重试"}"#)
        #expect(refused.headers["retry-after"] == "1")
        try await system.redis.restart()
        try await eventually("the service is back") {
            try await system.get(system.readiness(system.apiOperationsPort)).status == 200
        }
        #expect(try await system.requestCode().text.contains(#""code":0"#), "no flag stayed behind")
        #expect(try await system.broker("LLEN", "celery") == "1")
        withExtendedLifetime(api) {}
    }

    @Test func redisKilledUnderAWorkerThatWaits() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        system.redis.kill()
        try await worker.waitForLine(containing: "lost connection to redis://")
        try await system.redis.restart()
        _ = try await system.celery.send("13800138000", "123456")
        try await eventually("the message arrives") { try await system.messages().map(\.code) == ["123456"] }
        withExtendedLifetime((sandbox, worker)) {}
    }

    @Test func providerDown() async throws {
        let system = try await RunningSystem()
        let worker = try await system.startWorker()
        let id = try await system.celery.send("13800138000", "123456")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(id)] retry: Retry in")
        let sandbox = try await system.startSandbox()
        try await eventually("it is sent when the provider is back", timeout: .seconds(60)) {
            try await system.messages().map(\.code) == ["123456"]
        }
        try await eventually("nothing is left") { try await system.broker("KEYS", "{celery}:claimed:*").isEmpty }
        withExtendedLifetime(sandbox) {}
    }

    @Test func providerThatRefusesTheCredentials() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker(
            environment: ["SMS_YUNTONGXUN_AUTH_TOKEN": "00000000000000000000000000000000"])
        _ = try await system.celery.send("13800138000", "123456")
        let line = try await worker.waitForLine(containing: "an operator has to act")
        #expect(line.contains("ERROR") && line.contains("111109"))
        try await eventually("the job is kept") { try await system.statistic("retried") != "" }
        withExtendedLifetime(sandbox) {}
    }

    @Test func malformedJobOnTheList() async throws {
        let system = try await RunningSystem()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker()
        _ = try await system.broker("LPUSH", "celery", "{this is no job")
        let line = try await worker.waitForLine(containing: "cannot be run")
        #expect(line.contains("malformed: the message is not JSON"))
        try await eventually("its bytes are among the dead letters") {
            try await system.broker("HVALS", "{celery}:dead:messages") == "{this is no job"
        }
        _ = try await system.celery.send("13800138000", "123456")
        try await eventually("the worker goes on") { try await system.messages().count == 1 }
        withExtendedLifetime(sandbox) {}
    }

    @Test func aKilledWorkersJobIsSentByAnother() async throws {
        let system = try await RunningSystem()
        // No sandbox yet, and a port that takes connections and never answers: the first worker hangs in the call.
        let silent = try Program.start(
            tool("python3", package: "python3"),
            [
                "-uc",
                "import socket,time; s=socket.create_server(('127.0.0.1',\(system.sandboxPort))); print('up'); time.sleep(600)",
            ])
        try await silent.waitForLine(containing: "up")
        let first = try await system.startWorker(["-n", "first@%h"])
        let id = try await system.celery.send("13800138000", "123456")
        try await first.waitForLine(containing: "Task ccp_send_sms_code[\(id)] received")
        try await eventually("the attempt went out") {
            try await system.broker("KEYS", "{celery}:claimed:first*") != ""
        }
        first.signal(SIGKILL)
        try await first.waitForExit()
        silent.signal(SIGKILL)
        try await silent.waitForExit()
        let sandbox = try await system.startSandbox()
        let second = try await system.startWorker(["-n", "second@%h"])
        try await second.waitForLine(containing: "is gone; 1 of its messages were taken over")
        try await second.waitForLine(containing: "Task ccp_send_sms_code[\(id)] succeeded in")
        #expect(try await system.messages().map(\.code) == ["123456"], "the same code")
        try await eventually("nothing of the first is left") {
            try await system.broker("KEYS", "{celery}:claimed:*").isEmpty
        }
        #expect(try await system.broker("ZCARD", "{celery}:workers") == "1")
        withExtendedLifetime(sandbox) {}
    }

    @Test func stoppedWhileItSends() async throws {
        let system = try await RunningSystem()
        let silent = try Program.start(
            tool("python3", package: "python3"),
            [
                "-uc",
                "import socket,time; s=socket.create_server(('127.0.0.1',\(system.sandboxPort))); print('up'); time.sleep(600)",
            ])
        try await silent.waitForLine(containing: "up")
        let worker = try await system.startWorker()
        let id = try await system.celery.send("13800138000", "123456")
        try await worker.waitForLine(containing: "Task ccp_send_sms_code[\(id)] received")
        worker.signal(SIGTERM)
        try await worker.waitForLine(containing: "warm shutdown")
        worker.signal(SIGTERM)
        #expect(try await worker.waitForExit() == .code(0))
        try await eventually("the job is in one place, and not claimed") {
            let waiting = try await system.broker("LLEN", "celery")
            let scheduled = try await system.broker("ZCARD", "{celery}:scheduled")
            return waiting == "1" || scheduled == "1"
        }
        #expect(try await system.broker("KEYS", "{celery}:claimed:*").isEmpty)
        withExtendedLifetime(silent) {}
    }
}
