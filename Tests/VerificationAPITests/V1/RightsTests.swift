import Foundation
import NIOHTTP1
import SMSProviders
import TaskQueue
import TestSupport
import Testing
import VerificationAPI

/// What the service has to be allowed to do in Redis.
@Suite(.timeLimit(.minutes(5)))
struct RightsTests {
    private static let store = """
        ~sms:* ~img_* ~sms_code_* ~send_flag_* -@all +select +ping +time +eval +evalsha +script|load +get +getdel +mget +set +del +exists \
        +renamenx +incr +pexpire +pttl +hget +hmget +hset +hdel +hincrby
        """
    private static let secret = "0123456789abcdef0123456789abcdef"
    private static let broker = """
        ~celery ~{celery}:stats -@all +select +ping +lpush +hincrby (~sms:delivery:* -@all +time +eval +evalsha \
        +script|load +get +set +exists +hget +hmget +hset +hsetnx +hincrby +pexpire) \
        (~{celery}:audit -@all +time +eval +evalsha +script|load +exists +xinfo|stream +xadd)
        """

    @Test func `Its own keys in the store and adding to the broker's list are enough for every step`() async throws {
        var callbacks = CallbackConfiguration()
        callbacks.gateways = [.aliyun(try #require(CallbackSecret(Self.secret)))]
        try await RunningVerificationAPI.run(rights: (Self.store, Self.broker), callbacks: callbacks) { system in
            let caller = system.caller()
            let id = try await caller.started("13800138000")
            #expect(try await caller.post("verifications/resend", ["id": id]).status == 429)
            let code = try await system.lastCode()
            #expect(try await caller.check(id, "13800138000", code == "000000" ? "000001" : "000000").status == 422)
            let job = try await system.lastJobID()
            try await system.brokerServer.cli(
                "HSET", "sms:delivery:message:\(job)", "state", "accepted", "provider", "aliyun", "prefix", "+86138",
                "country", "CN", "day", "2026-11-24", database: 3)
            #expect(try await caller.delivery(id) == "accepted")
            let path = "/callbacks/aliyun/\(Self.secret)"
            let report = #"[{"biz_id":"1","out_id":"\#(job)","success":true},{"biz_id":"2","success":true}]"#
            #expect(try await system.api.send(.POST, path, body: Array(report.utf8)).status == 200)
            #expect(try await caller.delivery(id) == "delivered")
            #expect(try await caller.check(id, "13800138000", code).status == 200)
            try await eventually("the code is credited") {
                try await system.brokerServer.cli("HEXISTS", "sms:delivery:message:\(job)", "confirmed", database: 3)
                    == "1"
            }
            try await AuditLog(client: system.broker, queue: "celery")
                .append(AuditEvent(actor: "sms-api", action: "change limits"))
            let named = try await caller.start("13900139000", headers: [("Idempotency-Key", "a")])
            #expect(named.status == 202)
            let captcha = UUID().uuidString.lowercased()
            let text = try await system.api.get("/image_codes/\(captcha)/").text
            let sent = try await system.api.get("/sms_codes/13700137000/?image_code=\(text)&image_code_id=\(captcha)")
            #expect(sent.text == #"{"code":0,"errmsg":"发送短信成功"}"#)
            #expect(try await system.jobs() == 3)

            // Whoever is sent nothing needs no other rights, so that none of them tells.
            let other = system.caller()
            try await system.storeServer.cli("SET", "sms:blocked:13500135000", "1", database: 2)
            #expect(try await other.start("13500135000").status == 202)
            #expect(try await system.jobs() == 3)

            // What could not be handed over is taken back with the same rights.
            try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "1")
            let picture = try await caller.picture()
            #expect(try await caller.start("13600136000", picture).status == 503)
            try await system.brokerServer.cli("CONFIG", "SET", "maxmemory", "0")
            #expect(try await caller.start("13600136000", picture).status == 202)
        }
    }

    @Test func `With these rights nobody takes jobs, reads them, or empties a server`() async throws {
        try await RunningVerificationAPI.run(rights: (Self.store, Self.broker)) { system in
            for command in ["RPOP", "LPOP", "HGETALL", "GET", "EXISTS"] {
                let answer = try await system.brokerServer.cli("ACL", "DRYRUN", "api", command, "celery")
                #expect(answer.contains("has no permissions"), "\(command): \(answer)")
            }
            for server in [system.storeServer, system.brokerServer] {
                for command in ["FLUSHALL", "MONITOR", "SHUTDOWN"] {
                    let answer = try await server.cli("ACL", "DRYRUN", "api", command)
                    #expect(answer.contains("has no permissions"), "\(command): \(answer)")
                }
            }
        }
    }
}
