import Foundation
import TestSupport
import Testing

/// The programs' command lines.
@Suite(.timeLimit(.minutes(5))) struct ProgramTests {
    private static let account = [
        "SMS_YUNTONGXUN_ACCOUNT_SID": "a1", "SMS_YUNTONGXUN_AUTH_TOKEN": "secret-token", "SMS_YUNTONGXUN_APP_ID": "b2",
    ]

    @Test(arguments: [
        ("sms-worker", ["--broker", "localhost"], "--broker"), ("sms-worker", ["--provider", "pigeon"], "--provider"),
        ("sms-worker", ["--concurrency", "0"], "--concurrency"), ("sms-worker", ["--ack", "never"], "--ack"),
        ("sms-worker", ["--broker", "rediss://h/0?ssl_ca_certs=/no/ca.pem"], "ssl_ca_certs=/no/ca.pem cannot be read"),
        ("sms-worker", ["--config", "/nonexistent"], "/nonexistent"),
        ("sms-worker", ["--periodic-tasks", "/nonexistent"], "--periodic-tasks"),
        ("sms-worker", ["--queue", "a,,b"], "--queue"), ("sms-worker", ["--queue", "a=0"], "--queue"),
        ("sms-queue", ["stats", "-Q", "a,b"], "--queue"),
        ("sms-worker", ["--result-backend", "localhost"], "--result-backend"),
        ("sms-api", ["--store", "redis://h/x"], "--store"), ("sms-api", ["--port", "70000"], "--port"),
        ("sms-api", ["--tls-key", "/no/key.pem"], "--tls-certificate"),
        ("sms-api", ["--tls-certificate", "/no/chain.pem", "--tls-key", "/no/key.pem"], "/no/chain.pem"),
        ("sms-sandbox", ["--port", "none"], "--port"), ("sms-queue", ["stats", "--broker", "ftp://h"], "--broker"),
    ])
    func aWrongSettingEndsTheProgramWithOneLineThatNamesIt(
        _ name: String, _ arguments: [String], _ named: String
    ) async throws {
        let finished = try await Program.run(Program.built(name), arguments, environment: Self.account)
        #expect(finished.status == .code(78))
        let lines = finished.errorOutput.split(separator: "\n")
        #expect(lines.count == 1, "\(finished.errorOutput)")
        #expect(lines.first?.hasPrefix("\(name): ") == true && lines.first?.contains(named) == true)
        #expect(!finished.errorOutput.contains("secret-token"))
    }

    @Test func aMissingAccountIsNamedWithItsVariable() async throws {
        let finished = try await Program.run(Program.built("sms-worker"))
        #expect(finished.status == .code(78))
        #expect(finished.errorOutput.contains("SMS_YUNTONGXUN_ACCOUNT_SID"))
    }

    @Test(arguments: ["sms-api", "sms-sandbox"])
    func aPortThatIsTakenIsNamed(_ name: String) async throws {
        let redis = try await RedisServer.start()
        let finished = try await Program.run(
            Program.built(name), ["--port", "\(redis.port)"] + (name == "sms-api" ? ["--operations-port", "0"] : []))
        #expect(finished.status == .code(1))
        #expect(finished.errorOutput.contains("127.0.0.1:\(redis.port): address already in use"))
        #expect(finished.errorOutput.contains("--port"))
        withExtendedLifetime(redis) {}
    }

    @Test(arguments: ["sms-api", "sms-worker"])
    func anOperationsPortThatIsTakenIsNamed(_ name: String) async throws {
        let redis = try await RedisServer.start()
        let port = name == "sms-api" ? ["--port", "\(try freePort())"] : []
        let finished = try await Program.run(
            Program.built(name), port + ["--operations-port", "\(redis.port)"],
            environment: Self.account.merging([
                "SMS_BROKER_URL": redis.url(database: 3), "SMS_STORE_URL": redis.url(database: 2),
            ]) { $1 })
        #expect(finished.status == .code(1))
        let last = try #require(finished.errorOutput.split(separator: "\n").last)
        #expect(last.hasPrefix("\(name): 127.0.0.1:\(redis.port): address already in use"))
        #expect(last.contains("SMS_OPERATIONS_PORT"))
    }

    @Test(arguments: [
        ("sms-api", ["SMS_API_PORT", "SMS_STORE_URL", "default: redis://127.0.0.1:6379/2", "SMS_API_INBOX_URL"]),
        ("sms-worker", ["SMS_BROKER_URL", "SMS_CONCURRENCY", "default: 64", "SMS_YUNTONGXUN_AUTH_TOKEN_FILE"]),
        ("sms-sandbox", ["SMS_SANDBOX_PORT", "default: 8090"]), ("sms-queue", ["stats", "dead", "pause"]),
    ])
    func helpShowsSettingsWithVariablesAndDefaults(_ name: String, _ wanted: [String]) async throws {
        let finished = try await Program.run(Program.built(name), ["--help"])
        #expect(finished.status == .code(0))
        let text = finished.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for word in wanted { #expect(text.contains(word), "\(word)") }
    }

    @Test func theToolShowsAndMendsAQueue() async throws {
        let redis = try await RedisServer.start()
        let broker = ["--broker", redis.url(database: 3)]
        try await redis.cli("LPUSH", "celery", "{broken", database: 3)
        func run(_ arguments: String...) async throws -> String {
            let finished = try await Program.run(Program.built("sms-queue"), arguments + broker)
            #expect(finished.status == .code(0), "\(finished.errorOutput)")
            return finished.output
        }
        #expect(try await run("list").contains("malformed"))
        #expect(try await run("pause").contains("paused"))
        #expect(try await run("stats").contains("celery (paused)"))
        #expect(try await run("resume").contains("resumed"))
        let statistics = try JSONSerialization.jsonObject(with: Data(try await run("stats", "--json").utf8))
        let waiting = try #require((statistics as? [String: Any])?["waiting"] as? [String: Int])
        #expect(waiting["0"] == 1)
    }

    @Test func theToolShowsRetriesAndDeletesDeadLetters() async throws {
        let redis = try await RedisServer.start()
        let expired =
            #"{"body":"[[\"13800138000\"],{},{}]","content-type":"application/json","headers":{"task":"greet","#
            + #""id":"task-7","argsrepr":"13800138000","expires":"2020-01-01T00:00:00Z"}}"#
        for (id, message, reason) in [
            ("a", "{broken", "malformed"), ("b", "{broken", "malformed"), ("c", expired, "poison"),
        ] {
            try await redis.cli("ZADD", "{celery}:dead", "1000", id, database: 3)
            try await redis.cli("HSET", "{celery}:dead:messages", id, message, database: 3)
            try await redis.cli(
                "HSET", "{celery}:dead:details", id, #"{"reason":"\#(reason)","id":"task-\#(id)"}"#, database: 3)
        }
        func dead(_ arguments: String...) async throws -> Program.Finished {
            try await Program.run(
                Program.built("sms-queue"), ["dead"] + arguments + ["--broker", redis.url(database: 3)])
        }
        let list = try await dead("list", "--reason", "poison")
        #expect(list.output.contains("task-c") && !list.output.contains("task-a"))
        let details = try await dead("show", "c")
        #expect(details.output.contains("greet") && details.output.contains("2020-01-01T00:00:00Z (expired)"))
        #expect(!details.output.contains("13800138000"))

        for command in ["retry", "delete"] {
            let all = try await dead(command)
            #expect(all.status == .code(64) && all.errorOutput.contains("--all"), "\(all.errorOutput)")
            let none = try await dead(command, "none")
            #expect(none.status == .code(1) && none.output.isEmpty)
            #expect(none.errorOutput.contains("no dead letter with the id none"))
        }
        let retried = try await dead("retry", "--all", "--json")
        let result = try JSONSerialization.jsonObject(with: Data(retried.output.utf8)) as? [String: Any]
        #expect(result?["retried"] as? Int == 2 && result?["expired"] as? Int == 1)

        let unasked = try await dead("delete", "--reason", "poison")
        #expect(unasked.status == .code(64) && unasked.errorOutput.contains("--yes"))
        #expect(try await dead("delete", "--reason", "poison", "--yes").output == "1 deleted\n")
        #expect(try await redis.cli("ZCARD", "{celery}:dead", database: 3) == "0")
    }
}
