import Foundation
import Logging
import RedisClient
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// The flow against real servers of its own: one for the store, one for the broker.
@Suite(.timeLimit(.minutes(5))) struct VerificationServiceTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let captcha = "0b2a3c9e-54e1-4d5c-8f0a-1d2e3f4a5b6c"

    private struct System {
        let store: RedisServer
        let broker: RedisServer
        let client: RedisClient
        let service: VerificationService
        let mobile: MobileNumber
        let proxy: FaultProxy?

        func key(_ command: String, _ key: String) async throws -> String {
            try await store.cli(command, key, database: 2)
        }

        func jobs() async throws -> Int {
            try #require(Int(try await broker.cli("LLEN", "celery", database: 3)))
        }
    }

    /// - Parameter throughProxy: The store is reached through ``System/proxy``.
    private func withSystem(
        table: LimitTable = LimitTable(), throughProxy: Bool = false, _ body: (System) async throws -> Void
    ) async throws {
        let rules = LimitRules(table)
        let store = try await RedisServer.start()
        let broker = try await RedisServer.start()
        let proxy = throughProxy ? try FaultProxy(to: store.port) : nil
        let storeURL = proxy.map { "redis://127.0.0.1:\($0.port)/2" } ?? store.url(database: 2)
        var storeConfiguration = RedisConfiguration(url: try RedisURL(storeURL))
        var brokerConfiguration = RedisConfiguration(url: try RedisURL(broker.url(database: 3)))
        storeConfiguration.whileDisconnected = .fail
        brokerConfiguration.whileDisconnected = .fail
        let storeClient = RedisClient(storeConfiguration, logger: logger)
        let brokerClient = RedisClient(brokerConfiguration, logger: logger)
        let service = VerificationService(
            store: storeClient, producer: TaskProducer(client: brokerClient),
            limiter: SendLimiter(store: storeClient, logger: logger, rules: { rules }), logger: logger)
        let mobile = try #require(MobileNumber(mainland: "13800138000"))
        try await storeClient.whileRunning {
            try await brokerClient.whileRunning {
                try await body(
                    System(
                        store: store, broker: broker, client: storeClient, service: service, mobile: mobile,
                        proxy: proxy))
            }
        }
    }

    private func issue(_ system: System) async throws -> String {
        try await issue(system, captcha)
    }

    private func issue(_ system: System, _ id: String) async throws -> String {
        let outcome = try await system.service.issueCaptcha(id: try #require(CaptchaID(id)), to: nil)
        guard case .issued(let text) = outcome else { throw TestError("no captcha: \(outcome)") }
        return text
    }

    @Test func aRightAnswerPutsFlagCodeAndJobInPlace() async throws {
        try await withSystem { system in
            let text = try await issue(system)
            #expect(try await system.key("GET", "img_\(captcha)") == text)
            let outcome = try await system.service.requestCode(
                for: system.mobile, captchaAnswer: text.lowercased(), captchaID: captcha, address: nil)
            #expect(outcome == .sent)
            #expect(try await system.key("GET", "send_flag_13800138000") == "1")
            let code = try await system.key("GET", "sms_code_13800138000")
            #expect(code.count == 6 && code.allSatisfy(\.isASCII) && code.allSatisfy(\.isNumber))
            #expect((1...60).contains(try #require(Int(try await system.key("TTL", "send_flag_13800138000")))))
            #expect((241...300).contains(try #require(Int(try await system.key("TTL", "sms_code_13800138000")))))
            #expect(try await system.key("EXISTS", "img_\(captcha)") == "0", "the captcha is used up")

            let job = try await system.broker.cli("LRANGE", "celery", "0", "0", database: 3)
            let message = try TaskMessage(Array(job.utf8))
            #expect(message.task == "ccp_send_sms_code")
            #expect(job.contains(#"[[\"13800138000\",\"\#(code)\"],{},{}]"#), "a person reads number and code: \(job)")
            #expect(job.contains("'138****8000', '******'"), "monitors do not")
            let life = try #require(message.expires).since(.now)
            #expect(life > .seconds(240) && life <= .seconds(300))
        }
    }

    @Test func checksFlagThenParametersThenCaptcha() async throws {
        try await withSystem { system in
            func request(_ answer: String?, _ id: String?) async throws -> CodeRequestOutcome {
                try await system.service.requestCode(
                    for: system.mobile, captchaAnswer: answer, captchaID: id, address: nil)
            }
            #expect(try await request(nil, captcha) == .missingParameter)
            #expect(try await request("ABCD", "") == .missingParameter)
            #expect(try await request("ABCD", captcha) == .captchaExpired)
            #expect(try await request("ABCD", "no-uuid") == .captchaExpired)
            let text = try await issue(system)
            #expect(try await request("wrong", captcha) == .captchaWrong)
            #expect(try await request(text, captcha) == .captchaExpired, "one look uses it up")
            _ = try await system.key("EXISTS", "send_flag_13800138000")
            #expect(try await request(try await issue(system), captcha) == .sent)
            #expect(try await request(nil, nil) == .tooFrequent, "the flag comes first")
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aNumberThatTheTableBlocksIsSentNothing() async throws {
        try await withSystem(table: try LimitTable(text: "block 13800138000")) { system in
            let text = try await issue(system)
            let outcome = try await system.service.requestCode(
                for: system.mobile, captchaAnswer: text, captchaID: captcha, address: nil)
            #expect(outcome == .sent, "nobody is told")
            #expect(try await system.jobs() == 0)
            #expect(try await system.key("EXISTS", "sms_code_13800138000") == "0")
            #expect(try await system.key("GET", "send_flag_13800138000") == "1")
        }
    }

    /// Nor does a caller learn from how it fails that a number is blocked.
    @Test func withoutABrokerABlockedNumberFailsAsAnyOther() async throws {
        try await withSystem { system in
            let blocked = try #require(MobileNumber(mainland: "13700137000"))
            _ = try await system.store.cli("SET", "sms:blocked:13700137000", "1", database: 2)
            system.broker.kill()
            for mobile in [system.mobile, blocked] {
                let text = try await issue(system)
                let error = await #expect(throws: VerificationUnavailable.self) {
                    try await system.service.requestCode(
                        for: mobile, captchaAnswer: text, captchaID: captcha,
                        address: ClientAddress("192.0.2.1"))
                }
                #expect(error?.part == "broker")
                #expect(try await system.key("EXISTS", "send_flag_\(mobile.canonical)") == "0")
            }
            #expect(try await system.key("KEYS", "sms:limit:address:*").isEmpty, "both callers are refunded")

            // The store's reply was lost: who takes back does not know whether there was a code.
            let limiter = SendLimiter(store: system.client, logger: logger, rules: { LimitRules() })
            for (mobile, code) in [(system.mobile, "111111"), (blocked, nil)] {
                _ = try await system.store.cli("SET", "send_flag_\(mobile.canonical)", "1", database: 2)
                if let code {
                    _ = try await system.store.cli("SET", "sms_code_\(mobile.canonical)", code, database: 2)
                }
                let block = limiter.block(SendSubjects(mobile, nil, .plain), send: "")
                await system.service.takeBack(mobile, OneTimeCode("111111"), block, nil)
                #expect(try await system.key("EXISTS", "send_flag_\(mobile.canonical)") == "0")
            }
        }
    }

    /// One that still answers refuses a blocked number as well.
    @Test func aBrokerThatRefusesWritesAloneRefusesABlockedNumberToo() async throws {
        try await withSystem { system in
            let blocked = try #require(MobileNumber(mainland: "13700137000"))
            _ = try await system.store.cli("SET", "sms:blocked:13700137000", "1", database: 2)
            for setting in ["min-replicas-to-write", "maxmemory"] {
                _ = try await system.broker.cli("CONFIG", "SET", setting, "1")
                for mobile in [system.mobile, blocked] {
                    let text = try await issue(system)
                    let error = await #expect(throws: VerificationUnavailable.self) {
                        try await system.service.requestCode(
                            for: mobile, captchaAnswer: text, captchaID: captcha, address: nil)
                    }
                    #expect(error?.part == "broker")
                    #expect(try await system.key("EXISTS", "send_flag_\(mobile.canonical)") == "0")
                }
                _ = try await system.broker.cli("CONFIG", "SET", setting, "0")
            }
            let text = try await issue(system)
            let outcome = try await system.service.requestCode(
                for: blocked, captchaAnswer: text, captchaID: captcha, address: nil)
            #expect(outcome == .sent, "nobody is told")
            #expect(try await system.jobs() == 0)
        }
    }

    @Test func ofManyRequestsAtOnceOneSends() async throws {
        try await withSystem { system in
            let ids = (0..<500).map { _ in UUID().uuidString.lowercased() }
            var answers: [String: String] = [:]
            for id in ids {
                answers[id] = try await issue(system, id)
            }
            let outcomes = try await withThrowingTaskGroup(of: CodeRequestOutcome.self) { group in
                for (id, answer) in answers {
                    group.addTask {
                        try await system.service.requestCode(
                            for: system.mobile, captchaAnswer: answer, captchaID: id, address: nil)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .sent }.count == 1)
            #expect(outcomes.filter { $0 == .tooFrequent }.count == 499)
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func ofManyAnswersToOneCaptchaOneCounts() async throws {
        try await withSystem { system in
            let text = try await issue(system)
            let numbers = (0..<40).compactMap { MobileNumber(mainland: "138001380\($0 + 10)") }
            let outcomes = try await withThrowingTaskGroup(of: CodeRequestOutcome.self) { group in
                for number in numbers {
                    group.addTask {
                        try await system.service.requestCode(
                            for: number, captchaAnswer: text, captchaID: captcha, address: nil)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .sent }.count == 1)
            #expect(outcomes.filter { $0 == .captchaExpired }.count == 39)
        }
    }

    @Test func aBrokerThatIsDownLeavesNothingBehindAndTheClientMayRetryAtOnce() async throws {
        try await withSystem { system in
            system.broker.kill()
            var text = try await issue(system)
            let error = await #expect(throws: VerificationUnavailable.self) {
                try await system.service.requestCode(
                    for: system.mobile, captchaAnswer: text, captchaID: captcha, address: nil)
            }
            #expect(error?.part == "broker")
            #expect(try await system.key("KEYS", "*").isEmpty)
            try await system.broker.restart()
            try await eventually("the retry is sent") {
                text = try await issue(system)
                let outcome = try? await system.service.requestCode(
                    for: system.mobile, captchaAnswer: text, captchaID: captcha, address: nil)
                return outcome == .sent
            }
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func aBrokerThatRefusesLeavesNothingBehind() async throws {
        try await withSystem { system in
            _ = try await system.broker.cli("CONFIG", "SET", "maxmemory", "1")
            let text = try await issue(system)
            let error = await #expect(throws: VerificationUnavailable.self) {
                try await system.service.requestCode(
                    for: system.mobile, captchaAnswer: text, captchaID: captcha, address: nil)
            }
            #expect(error?.message.contains("OOM") == true)
            #expect(try await system.key("KEYS", "*").isEmpty)
        }
    }

    @Test func aReplyOfTheStoreThatWasLostIsNoReasonToWait() async throws {
        try await withSystem(throughProxy: true) { system in
            let address = ClientAddress("192.0.2.1")
            let proxy = try #require(system.proxy)
            _ = try await issue(system)
            let wrong = try await system.service.requestCode(
                for: system.mobile, captchaAnswer: "wrong", captchaID: captcha, address: address)
            #expect(wrong == .captchaWrong, "from here on the server knows the script")
            let text = try await issue(system)
            proxy.cutBeforeNextReply()
            let error = await #expect(throws: VerificationUnavailable.self) {
                try await system.service.requestCode(
                    for: system.mobile, captchaAnswer: text, captchaID: captcha, address: address)
            }
            #expect(error?.part == "store")
            #expect(!proxy.isCutPending)
            #expect(try await system.key("KEYS", "*").isEmpty, "flag, code and charge were taken back")
            #expect(try await system.jobs() == 0)
            let next = try await issue(system)
            let outcome = try await system.service.requestCode(
                for: system.mobile, captchaAnswer: next, captchaID: captcha, address: address)
            #expect(outcome == .sent)
            #expect(try await system.jobs() == 1)
        }
    }

    @Test func takingBackLeavesAnotherRequestsCodeAlone() async throws {
        try await withSystem { system in
            let limiter = SendLimiter(store: system.client, logger: logger, rules: { LimitRules() })
            let block = limiter.block(SendSubjects(system.mobile, nil, .plain), send: "a")
            _ = try await system.store.cli("SET", "sms_code_13800138000", "222222", database: 2)
            _ = try await system.store.cli("SET", "send_flag_13800138000", "1", database: 2)
            await system.service.takeBack(system.mobile, OneTimeCode("111111"), block, nil)
            #expect(try await system.key("GET", "sms_code_13800138000") == "222222")
            await system.service.takeBack(system.mobile, OneTimeCode("222222"), block, nil)
            #expect(try await system.key("KEYS", "*").isEmpty)
        }
    }

    @Test func aStoreThatIsDownSendsNothing() async throws {
        try await withSystem { system in
            system.store.kill()
            let error = await #expect(throws: VerificationUnavailable.self) {
                try await system.service.requestCode(
                    for: system.mobile, captchaAnswer: "ABCD", captchaID: captcha, address: nil)
            }
            #expect(error?.part == "store")
            let jobs = try await system.jobs()
            #expect(jobs == 0)
        }
    }
}
