import Foundation
import RedisClient
import SMSProviders
import SMSVerification
import SandboxGateway
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// What the worker writes down of gateways' answers.
@Suite(.timeLimit(.minutes(5))) struct DeliveryRecordTests {
    /// The message's fields, once it is known.
    private func message(_ id: String, _ system: DeliverySystem, _ state: String) async throws -> [String: String] {
        let key = "sms:delivery:message:\(id)"
        try await eventually("the message is \(state)") {
            try await system.broker.cli("HGET", key, "state", database: 3) == state
        }
        let lines = try await system.broker.cli("HGETALL", key, database: 3)
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        return Dictionary(
            stride(from: 0, to: lines.count - 1, by: 2).map { (lines[$0], lines[$0 + 1]) }, uniquingKeysWith: { $1 })
    }

    private func enqueue(_ mobile: String, _ system: DeliverySystem) async throws -> String {
        try await TaskProducer(client: system.client).enqueue(
            sendCodeTask(), SendCodeArguments(mobile: mobile, code: "012345")
        ).text
    }

    private func counted(_ provider: String, _ name: String, _ system: DeliverySystem) async throws -> String {
        let key = try await system.broker.cli("KEYS", "sms:delivery:day:\(provider):*", database: 3)
        return try await system.broker.cli("HGET", key, "+86138:\(name)", database: 3)
    }

    @Test(arguments: ProviderName.allCases)
    func anAcceptedMessageIsFoundByTheGatewaysOwnID(_ name: ProviderName) async throws {
        try await DeliverySystem.run {
            [ProviderTests.account(name, at: $0)]
        } _: { system in
            let id = try await enqueue("13800138000", system)
            let message = try await message(id, system, "accepted")
            #expect(message["provider"] == name.rawValue)
            #expect(message["prefix"] == "+86138" && message["country"] == "CN")
            let reference = try #require(message["reference"])
            #expect(!reference.isEmpty)
            let key = "sms:delivery:reference:\(name.rawValue):\(reference)"
            #expect(try await system.broker.cli("GET", key, database: 3) == id)
            #expect(try await counted(name.rawValue, "tried", system) == "1")
            #expect(try await counted(name.rawValue, "accepted", system) == "1")
        }
    }

    @Test func aRefusedNumberHasFailedAndAnAccountAtFaultLeavesItQueued() async throws {
        try await DeliverySystem.run { address in
            var wrong = SandboxAccount.demo.sns(at: address)
            wrong.secretAccessKey = "wrongSecret/0123456789+abcdefghijklmnopq"
            return [.sns(wrong), ProviderTests.account(.aliyun, at: address)]
        } _: { system in
            let first = try await enqueue("13800138000", system)
            _ = try await message(first, system, "accepted")
            let second = try await enqueue("13800138000", system)
            let message = try await message(second, system, "failed")
            #expect(message["provider"] == "aliyun")
            #expect(message["reason"] == "throttled number")
            #expect(message["private"] == "1", "the limit tells of the first message, which another may have asked for")
            #expect(try await counted("sns", "tried", system) == "1")
            #expect(try await counted("aliyun", "tried", system) == "2")
            #expect(try await counted("aliyun", "accepted", system) == "1")
        }
    }

    @Test func aGatewayThatDoesNotAnswerLeavesItUnknownUntilItReports() async throws {
        var sandbox = SandboxConfiguration()
        sandbox.magicNumbers = true
        try await DeliverySystem.run(sandbox: sandbox) { address in
            var account = SandboxAccount.demo.aliyun(at: address)
            account.callTimeout = .milliseconds(300)
            return [.aliyun(account)]
        } _: { system in
            let id = try await enqueue("13800138057", system)
            let message = try await message(id, system, "unknown")
            #expect(message["reason"] == "unknown ambiguous")
            try await DeliveryRecords(broker: system.client).report(
                .delivered, by: "aliyun", reference: "biz", jobID: id, code: nil)
            #expect(try await self.message(id, system, "delivered")["provider"] == "aliyun")
        }
    }

    @Test func aRememberedRefusalIsWrittenDownAsTheFirstOneWas() async throws {
        var sandbox = SandboxConfiguration()
        sandbox.magicNumbers = true
        try await DeliverySystem.run(sandbox: sandbox) { address in
            [.aliyun(SandboxAccount.demo.aliyun(at: address))]
        } _: { system in
            for _ in 0..<2 {
                let id = try await enqueue("13800138051", system)
                let message = try await message(id, system, "failed")
                #expect(message["private"] == "1")
            }
            #expect(try await counted("aliyun", "tried", system) == "1", "the second one was not called for")
        }
    }

    @Test func anAnswerIsWrittenDownAsTheOperatorsTableReadsIt() async throws {
        var sandbox = SandboxConfiguration()
        sandbox.magicNumbers = true
        let codes = FileManager.default.temporaryDirectory.appending(path: "codes-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: codes) }
        try "aliyun isv.MOBILE_NUMBER_ILLEGAL ok".write(toFile: codes, atomically: true, encoding: .utf8)
        try await DeliverySystem.run(
            tables: try DeliveryTables(codes: codes, templates: nil), sandbox: sandbox
        ) { address in
            [.aliyun(SandboxAccount.demo.aliyun(at: address))]
        } _: { system in
            _ = try await message(try await enqueue("13800138050", system), system, "accepted")
        }
    }

    // MARK: - Jobs that no gateway has answered for

    @Test func aJobThatExpiresUnsentHasFailed() async throws {
        try await DeliverySystem.run {
            [ProviderTests.account(.twilio, at: $0)]
        } _: { system in
            let arguments = SendCodeArguments(mobile: "13800138000", code: "012345")
            // Less than a message is sent for.
            let id = try await TaskProducer(client: system.client).enqueue(
                sendCodeTask(), arguments, expires: .seconds(5))
            let message = try await message(id.text, system, "failed")
            #expect(message["reason"] == "expired")
            #expect(message["private"] == nil && message["provider"] == nil)
            #expect(system.sandbox.inbox.messages().isEmpty)
        }
    }

    @Test func aJobThatCannotBeRunHasFailedAndOtherTasksAreNoneOfIt() async throws {
        try await DeliverySystem.run {
            [ProviderTests.account(.twilio, at: $0)]
        } _: { system in
            let producer = TaskProducer(client: system.client)
            try await producer.enqueue(
                TaskDefinition<SendCodeArguments, Int>("send_letter"),
                SendCodeArguments(mobile: "13800138000", code: "012345"))
            let id = try await producer.enqueue(
                sendCodeTask(), SendCodeArguments(mobile: "13800138000", code: "no digits"))
            #expect(try await message(id.text, system, "failed")["reason"] == "arguments")
            try await eventually("both are dead") { try await system.statistic("dead") == 2 }
            #expect(
                try await system.broker.cli("KEYS", "sms:delivery:message:*", database: 3)
                    == "sms:delivery:message:\(id.text)")
        }
    }

    @Test(arguments: [("012345", "expired"), ("no digits", "arguments")])
    func ofAJobThatEndsAfterItsWorkerDiedNobodyKnows(code: String, reason: String) async throws {
        try await DeliverySystem.run {
            [ProviderTests.account(.twilio, at: $0)]
        } _: { system in
            _ = try await system.client.send(RedisCommand("SET", "{celery}:paused", "1"))
            let arguments = SendCodeArguments(mobile: "13800138000", code: code)
            let id = try await TaskProducer(client: system.client).enqueue(
                sendCodeTask(), arguments, expires: .seconds(5))
            let raw = try await system.client.send(RedisCommand("RPOP", "celery")).bytes
            let again = try TaskMessage(raw).republished(redeliveries: 1)
            _ = try await system.client.send(RedisCommand("LPUSH", "celery", again))
            _ = try await system.client.send(RedisCommand("DEL", "{celery}:paused"))
            #expect(try await message(id.text, system, "unknown")["reason"] == reason)
        }
    }

    @Test func aJobThatExpiresWhileTheGatewayIsAwayHasFailed() async throws {
        try await DeliverySystem.run { _ in
            [ProviderTests.account(.twilio, at: "http://127.0.0.1:1")]
        } _: { system in
            let arguments = SendCodeArguments(mobile: "13800138000", code: "012345")
            let id = try await TaskProducer(client: system.client).enqueue(
                sendCodeTask(), arguments, expires: .seconds(12))
            #expect(try await message(id.text, system, "failed")["reason"] == "expired")
            #expect(try await counted("twilio", "tried", system) != "0", "it was tried before")
        }
    }

    @Test func itMayBeSwitchedOff() async throws {
        try await DeliverySystem.run(hasRecords: false) {
            [ProviderTests.account(.twilio, at: $0)]
        } _: { system in
            _ = try await enqueue("13800138000", system)
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(try await system.broker.cli("KEYS", "sms:delivery:*", database: 3).isEmpty)
        }
    }

    @Test func whatCannotBeWrittenDownIsSentAllTheSame() async throws {
        try await DeliverySystem.run {
            [ProviderTests.account(.twilio, at: $0)]
        } _: { system in
            // The key that is to be a hash is something else.
            let day = WireTime.now.text.prefix(10)
            try await system.broker.cli("SET", "sms:delivery:day:twilio:\(day)", "what is this", database: 3)
            _ = try await enqueue("13800138000", system)
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(system.sandbox.inbox.messages().count == 1)
        }
    }
}
