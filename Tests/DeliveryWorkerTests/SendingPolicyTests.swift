import RedisClient
import SMSProviders
import SMSVerification
import SandboxGateway
import TaskQueue
import TestSupport
import Testing

@testable import DeliveryWorker

/// How the whole worker chooses among providers and keeps to their limits, against a real broker and the sandbox.
@Suite(.timeLimit(.minutes(5))) struct SendingPolicyTests {
    private func policy(_ change: (inout SendingPolicy) -> Void) -> SendingPolicy {
        var policy = SendingPolicy()
        change(&policy)
        return policy
    }

    private func share(_ change: (inout SendingPolicy.Share) -> Void) -> SendingPolicy.Share {
        var share = SendingPolicy.Share()
        change(&share)
        return share
    }

    private func twoProviders(_ address: String) -> [ProviderAccount] {
        let demo = SandboxAccount.demo
        return [.yuntongxun(demo.yuntongxun(at: address)), .twilio(demo.twilio(at: address))]
    }

    private func number(_ index: Int) -> String { "1380013\(8000 + index)" }

    @Test func weightsShareTheMessagesOut() async throws {
        let weighted = share { $0.weight = 1 }
        try await DeliverySystem.run(
            sending: policy { $0.shares = [.yuntongxun: weighted, .twilio: weighted] }, twoProviders
        ) { system in
            for index in 0..<40 { try await system.enqueue(number(index), "012345") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 40 }
            #expect(Set(system.gateways) == ["yuntongxun", "twilio"])
        }
    }

    @Test func whatIsBeyondARateGoesToTheNextProvider() async throws {
        let rare = share { $0.rate = CallRate("1/h") }
        try await DeliverySystem.run(sending: policy { $0.shares = [.yuntongxun: rare] }, twoProviders) { system in
            for index in 0..<10 { try await system.enqueue(number(index), "012345") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 10 }
            #expect(system.gateways.count { $0 == "yuntongxun" } == 1)
            #expect(system.gateways.count { $0 == "twilio" } == 9)
        }
    }

    @Test func withoutAnotherProviderAJobWaitsAndUsesUpNoRetry() async throws {
        let slow = share { $0.rate = CallRate("8/s") }
        try await DeliverySystem.run(sending: policy { $0.shares = [.yuntongxun: slow] }) {
            [.yuntongxun(SandboxAccount.demo.yuntongxun(at: $0))]
        } _: { system in
            let began = try await system.client.send(RedisCommand("TIME")).array[0].integer
            for index in 0..<40 { try await system.enqueue(number(index), "012345") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 40 }
            #expect(try await system.client.send(RedisCommand("TIME")).array[0].integer - began >= 4)
            #expect(try await system.statistic("retried") == 0)
            #expect(try await system.statistic("dead") == 0)
            #expect(try await system.statistic("scheduled") > 0, "some have gone back to the queue")
            #expect(Set(system.sandbox.inbox.messages(to: nil, limit: 100).map(\.mobile)).count == 40)
        }
    }

    @Test func twoWorkersShareTheCallsAtOnce() async throws {
        let narrow = share { $0.concurrency = 2 }
        try await DeliverySystem.run(sending: policy { $0.shares = [.yuntongxun: narrow] }) {
            [.yuntongxun(SandboxAccount.demo.yuntongxun(at: $0))]
        } _: { system in
            // Another worker uses one of the two for as long as it lives.
            let now = try await system.client.send(RedisCommand("TIME")).array[0].integer * 1000
            _ = try await system.client.send(
                RedisCommand("HSET", "sms:calls:yuntongxun", "other", "1 1 \(now + 600_000)"))
            for index in 0..<30 { try await system.enqueue(number(index), "012345") }
            try await eventually("all are sent") { try await system.statistic("succeeded") == 30 }
            #expect(try await system.statistic("retried") == 0)
            for share in try await system.client.hash("sms:calls:yuntongxun") {
                #expect(String(decoding: share.value, as: UTF8.self).hasPrefix("1 "), "nobody has two")
            }
        }
    }

    @Test func withoutLimitsAndMemoryNothingIsAskedInRedis() async throws {
        try await DeliverySystem.run(
            hasRecords: false, sending: policy { $0.badNumberMemory = .zero }, twoProviders
        ) { system in
            try await system.enqueue(number(0), "012345")
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(try await system.client.send(RedisCommand("KEYS", "sms:*")).array.isEmpty)
            let commands = try await system.client.send(RedisCommand("INFO", "commandstats")).text
            #expect(!commands.contains("cmdstat_get:"))
        }
    }

    // MARK: - Silence

    @Test func aProviderThatHangsHoldsUpNoMessageThatComesLater() async throws {
        let demo = SandboxAccount.demo
        try await DeliverySystem.run {
            [
                demo.account(.yuntongxun, at: $0, callTimeout: .seconds(60)),
                demo.account(.twilio, at: $0, callTimeout: .seconds(60)),
            ]
        } _: { system in
            var fault = SandboxGateway.FaultSwitch(.hang, of: .yuntongxun)
            fault.count = 5
            system.sandbox.faults.turnOn([fault])
            for index in 0..<5 { try await system.enqueue(number(index), "012345") }
            try await eventually("five calls hang") { system.sandbox.faults.all.isEmpty }
            let began = try await system.client.send(RedisCommand("TIME")).array[0].integer
            try await eventually("more than a second has passed") {
                try await system.client.send(RedisCommand("TIME")).array[0].integer - began >= 3
            }
            try await system.enqueue(number(5), "012345")
            try await eventually("the next one is sent") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == ["twilio"])
        }
    }

    // MARK: - Refused numbers

    @Test func aRefusedNumberIsRememberedForAWhile() async throws {
        try await DeliverySystem.run(magicNumbers: true, twoProviders) { system in
            try await system.enqueue("13800138050", "012345")
            try await system.enqueue("13800138051", "012345")
            try await eventually("both are given up") { try await system.statistic("dead") == 2 }
            #expect(try await system.deathReasons() == ["bad_number", "bad_number"])
            #expect(try await system.client.get("sms:bad-number:yuntongxun:13800138050") == "number 160042")
            #expect(try await system.client.get("sms:bad-number:yuntongxun:13800138051") == "blocked 160034")
            func life(_ mobile: String) async throws -> Int {
                try await system.client.send(RedisCommand("TTL", "sms:bad-number:yuntongxun:\(mobile)")).integer
            }
            #expect((3500...3600).contains(try await life("13800138050")))
            #expect((86_000...86_400).contains(try await life("13800138051")))
        }
    }

    @Test func aRememberedNumberIsRejectedBeforeAnyCallUntilTheKeyIsDeleted() async throws {
        try await DeliverySystem.run(twoProviders) { system in
            let key = "sms:bad-number:yuntongxun:13800138000"
            try await system.client.set(key, "blocked 160034", expiry: .seconds(60))
            try await system.enqueue("13800138000", "012345")
            try await eventually("it is given up") { try await system.statistic("dead") == 1 }
            #expect(try await system.deathReasons() == ["bad_number"])
            #expect(system.gateways.isEmpty)
            try await system.client.delete(key)
            try await system.enqueue("13800138000", "012345")
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
        }
    }

    // MARK: - When nobody knows

    private func aliyun(_ address: String) -> [ProviderAccount] {
        [Self.impatient(.aliyun, at: address)]
    }

    private func asking(_ change: (inout SendingPolicy) -> Void = { _ in }) -> SendingPolicy {
        policy {
            $0.onUnknown = .query
            $0.queryDelay = .milliseconds(500)
            change(&$0)
        }
    }

    /// Each of the providers that can be asked. The number's message is sent, and its call gets no answer.
    private static let askable: [ProviderName] = [.aliyun, .tencent, .yuntongxun]

    private static func impatient(_ name: ProviderName, at address: String) -> ProviderAccount {
        var account = SandboxAccount.demo.account(name, at: address, callTimeout: .seconds(1))
        if case .yuntongxun(var yuntongxun) = account {
            yuntongxun.identifiesRequests = true
            account = .yuntongxun(yuntongxun)
        }
        return account
    }

    @Test(arguments: askable) func theProviderThatHasTheMessageIsAskedAndNothingIsSentAgain(
        _ name: ProviderName
    ) async throws {
        try await DeliverySystem.run(sending: asking(), magicNumbers: true) {
            [Self.impatient(name, at: $0)]
        } _: { system in
            let id = try await system.enqueue("13800138057", "012345")
            try await eventually("the provider says that it has it") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == [name.rawValue])
            #expect(try await system.statistic("retried") >= 1)
            #expect(try await system.client.exists("sms:call:\(id.text)") == false)
        }
    }

    @Test func whatTheProviderDoesNotKnowIsSentAgainAfterAWhile() async throws {
        // The call began five seconds ago.
        try await DeliverySystem.run(sending: asking { $0.queryPatience = .seconds(10) }, aliyun) { system in
            try await enqueue(withOpenCallOf: "aliyun", system)
            try await eventually("it is asked about again") { try await system.statistic("retried") >= 2 }
            #expect(system.gateways.isEmpty, "its books may lag behind")
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == ["aliyun"])
        }
    }

    /// A worker died with a call, which the provider never got.
    private func enqueue(
        withOpenCallOf provider: String, expires: Duration? = nil, _ system: DeliverySystem
    ) async throws {
        _ = try await system.client.send(RedisCommand("SET", "{celery}:paused", "1"))
        let id = try await TaskProducer(client: system.client).enqueue(
            sendCodeTask(), SendCodeArguments(mobile: "13800138000", code: "012345"), expires: expires)
        let now = try await system.client.send(RedisCommand("TIME")).array[0].integer
        try await system.client.set("sms:call:\(id.text)", "\(provider) 0 \((now - 5) * 1000)", expiry: .seconds(60))
        _ = try await system.client.send(RedisCommand("DEL", "{celery}:paused"))
    }

    private func open(_ provider: String, _ reason: SendReason, for wait: Duration) -> CircuitBreakers.Open {
        CircuitBreakers.Open(place: .init(provider: provider, part: nil), reason: reason, wait: wait)
    }

    @Test func aQueryIsChargedToTheProvidersRate() async throws {
        let rare = share { $0.rate = CallRate("1/h") }
        try await DeliverySystem.run(
            sending: asking { $0.shares = [.aliyun: rare] }, magicNumbers: true, aliyun
        ) { system in
            try await system.enqueue("13800138057", "012345")
            // The next call is due in an hour, and the code lives for five minutes.
            try await eventually("it has expired unasked") { try await system.statistic("expired") == 1 }
            #expect(try await system.statistic("succeeded") == 0)
            #expect(system.gateways == ["aliyun"])
        }
    }

    @Test func aProviderIsNotAskedWhileItsBreakerIsOpen() async throws {
        try await DeliverySystem.run(sending: asking { $0.queryPatience = .seconds(600) }, aliyun) { system in
            let breaker = open("aliyun", .auth, for: .seconds(60))
            system.service.breakers.adopt(breaker)
            try await enqueue(withOpenCallOf: "aliyun", system)
            try await eventually("it waits") { try await system.statistic("scheduled") >= 2 }
            #expect(try await system.statistic("retried") == 0)
            #expect(system.gateways.isEmpty)
            system.service.breakers.close(breaker.place)
            try await eventually("it is asked") { try await system.statistic("retried") >= 1 }
            #expect(system.gateways.isEmpty, "it may yet know of the message")
        }
    }

    private func webhookThenTwilio(_ address: String) -> [ProviderAccount] {
        let demo = SandboxAccount.demo
        return [.webhook(demo.webhook(at: address)), .twilio(demo.twilio(at: address))]
    }

    /// The webhook's answers to its next calls.
    private static func gone(count: Int) -> SandboxGateway.FaultSwitch {
        var fault = SandboxGateway.FaultSwitch(.httpError, of: .webhook)
        (fault.status, fault.count) = (410, count)
        return fault
    }

    @Test func aWebhookThatIsClosedForGoodIsNotAsked() async throws {
        try await DeliverySystem.run(sending: asking(), webhookThenTwilio) { system in
            system.sandbox.faults.turnOn([Self.gone(count: 1)])
            system.service.breakers.adopt(open("webhook", .gone, for: .seconds(100 * 365 * 86_400)))
            try await enqueue(withOpenCallOf: "webhook", system)
            try await eventually("the other one sends it") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == ["twilio"])
            #expect(system.sandbox.faults.all.first?.count == 1, "nobody has called it")
        }
    }

    @Test func aWebhookThatSaysSoWhenItIsAskedIsAskedOnce() async throws {
        try await DeliverySystem.run(sending: asking(), webhookThenTwilio) { system in
            system.sandbox.faults.turnOn([Self.gone(count: 2)])
            try await enqueue(withOpenCallOf: "webhook", system)
            try await eventually("the other one sends it") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == ["twilio"])
            #expect(system.sandbox.faults.all.first?.count == 1)
            #expect(system.service.breakers.open.map(\.description) == ["webhook (gone)"])
        }
    }

    @Test func nobodyIsAskedByARepeatedCallOnceItIsTooLateForTheCode() async throws {
        try await DeliverySystem.run(sending: asking(), webhookThenTwilio) { system in
            // Less than a message is sent for.
            try await enqueue(withOpenCallOf: "webhook", expires: .seconds(9), system)
            try await eventually("it has expired") { try await system.statistic("expired") == 1 }
            #expect(system.gateways.isEmpty)
        }
    }

    @Test func whatAPersonLetsBeSentAgainTheProviderKnowsWhenItHasIt() async throws {
        try await DeliverySystem.run(sending: policy { $0.onUnknown = .hold }, magicNumbers: true) {
            [Self.impatient(.yuntongxun, at: $0)]
        } _: { system in
            try await system.enqueue("13800138057", "012345")
            try await eventually("it is held") { try await system.statistic("dead") == 1 }
            let letters = QueueInspector(client: system.client, queue: "celery").deadLetters
            #expect(try await letters.retry(.all).retried == 1)
            try await eventually("the provider has it") { try await system.statistic("succeeded") == 1 }
            #expect(system.gateways == ["yuntongxun"], "once")
        }
    }

    @Test func withoutAQueryTheSameCodeIsSentAgain() async throws {
        try await DeliverySystem.run(sending: asking(), magicNumbers: true) {
            [Self.impatient(.twilio, at: $0)]
        } _: { system in
            try await system.enqueue("13800138058", "012345")
            try await eventually("it is tried again") { try await system.statistic("retried") >= 2 }
        }
    }

    @Test func aPersonDecidesWhereThatIsThePolicy() async throws {
        try await DeliverySystem.run(sending: policy { $0.onUnknown = .hold }, magicNumbers: true, aliyun) { system in
            try await system.enqueue("13800138057", "012345")
            try await eventually("it is held") { try await system.statistic("dead") == 1 }
            #expect(try await system.deathReasons() == ["unknown"])
            #expect(system.gateways == ["aliyun"])
        }
    }
}
