import SMSProviders
import SandboxGateway
import TestSupport
import Testing

@testable import DeliveryWorker

/// Every fault that the sandbox can bring about, and what the whole worker must make of it: two providers, of which the
/// first one's next call meets the fault.
@Suite(.timeLimit(.minutes(10))) struct FailureMatrixTests {
    /// What must become of the job.
    enum End: Sendable, Equatable {
        /// It is sent by the first provider, at the first attempt.
        case sent
        /// It is dead for this reason, and nobody was written to.
        case dead(String)
        /// The second provider sends it at once.
        case failsOver
        /// Nobody knows whether it was sent: it is tried again later by the same provider, and never by the other, with
        /// the same code. So many messages reach the phone.
        case triedAgain(messages: Int)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var provider: ProviderName
        var fault: FaultSwitch
        var end: End

        var testDescription: String {
            let status = fault.fault == .httpError ? " \(fault.status)" : ""
            return "\(provider.rawValue): \(fault.fault?.rawValue ?? "latency")\(status)"
        }
    }

    private static func row(_ provider: ProviderName, _ fault: SandboxFault, _ end: End) -> Row {
        Row(provider: provider, fault: FaultSwitch(fault, of: Provider(rawValue: provider.rawValue)), end: end)
    }

    private static func row(_ provider: ProviderName, status: Int, _ end: End) -> Row {
        var row = row(provider, .httpError, end)
        row.fault.status = status
        return row
    }

    private static func slow(_ provider: ProviderName) -> Row {
        Row(
            provider: provider, fault: FaultSwitch(nil, of: Provider(rawValue: provider.rawValue), latency: 500),
            end: .sent)
    }

    /// The end of a call whose message went out without an answer. The webhook's identifier of the call lets the receiver
    /// know a repetition; the others write twice.
    private static func resent(_ provider: ProviderName) -> End {
        .triedAgain(messages: provider == .webhook ? 1 : 2)
    }

    /// What is the same for every provider, as the error classes of all clients are.
    private static func shared(_ provider: ProviderName) -> [Row] {
        [
            row(provider, .numberMalformed, .dead("bad_number")),
            row(provider, .numberBlocked, .dead("bad_number")),
            row(provider, .authorizationRefused, .failsOver),
            row(provider, .throttled, .failsOver),
            row(provider, .systemFailed, .failsOver),
            row(provider, .hang, .triedAgain(messages: 1)),
            row(provider, .hangAfterSending, resent(provider)),
            row(provider, .garbage, resent(provider)),
            slow(provider),
        ]
    }

    /// What HTTP and the connection decide.
    private static func transport(_ provider: ProviderName) -> [Row] {
        [
            row(provider, .resetBeforeBody, .triedAgain(messages: 1)),
            row(provider, .resetAfterBody, .triedAgain(messages: 1)),
            row(provider, .resetAfterSending, resent(provider)),
            row(provider, .wrongJSON, resent(provider)),
            row(provider, .slowBytes, resent(provider)),
            row(provider, status: 500, .triedAgain(messages: 1)),
            row(provider, status: 502, .triedAgain(messages: 1)),
            row(provider, status: 503, .failsOver),
            row(provider, status: 504, .triedAgain(messages: 1)),
            row(provider, status: 429, .failsOver),
            row(provider, status: 403, .failsOver),
        ]
    }

    /// Whatever is reported, and when: what was taken is not sent again.
    private static func reported(_ provider: ProviderName) -> [Row] {
        [
            row(provider, .reportFailed, .sent),
            row(provider, .reportLate, .sent),
            row(provider, .reportRepeated, .sent),
            row(provider, .reportsOutOfOrder, .sent),
            row(provider, .reportMissing, .sent),
        ]
    }

    /// A limit that protects the person behind the number is told apart by some, and so is a country.
    private static let differing: [Row] =
        [ProviderName.yuntongxun, .aliyun, .tencent, .webhook].map { row($0, .numberThrottled, .dead("throttled")) }
        + [ProviderName.twilio, .sns].map { row($0, .numberThrottled, .failsOver) }
        + ProviderName.allCases.map { row($0, .countryRefused, .failsOver) }

    static let rows =
        ProviderName.allCases.flatMap { shared($0) + transport($0) + reported($0) } + differing

    @Test(arguments: rows) func leadsToTheRightEnd(_ row: Row) async throws {
        let other: ProviderName = row.provider == .twilio ? .webhook : .twilio
        try await DeliverySystem.run(sandbox: Self.withoutNumberLimit) { address in
            [row.account(at: address), SandboxAccount.demo.account(other, at: address)]
        } _: { system in
            var fault = row.fault
            fault.count = 1
            system.sandbox.faults.turnOn([fault])
            try await system.enqueue("13800138000", "012345")
            try await eventually("the job is settled") {
                let (succeeded, dead) = (try await system.statistic("succeeded"), try await system.statistic("dead"))
                return succeeded + dead == 1
            }
            #expect(system.sandbox.faults.all.isEmpty, "the call has met the fault")
            try await Self.check(system, row, other)
        }
    }

    private static func check(_ system: DeliverySystem, _ row: Row, _ other: ProviderName) async throws {
        let messages = system.sandbox.inbox.messages()
        let gateways = messages.map(\.gateway)
        let retries = try await system.statistic("retried")
        #expect(Set(messages.map(\.code)).count <= 1, "never another code")
        switch row.end {
        case .sent:
            #expect(gateways == [row.provider.rawValue])
            #expect(retries == 0)
        case .dead(let reason):
            #expect(try await system.deathReasons() == [reason])
            #expect(gateways.isEmpty)
            #expect(retries == 0)
        case .failsOver:
            #expect(gateways == [other.rawValue])
            #expect(retries == 0)
        case .triedAgain(let count):
            #expect(Set(gateways) == [row.provider.rawValue])
            #expect(gateways.count == count)
            #expect(retries >= 1)
        }
    }

    private static var withoutNumberLimit: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.numberInterval = .zero
        configuration.reportDelay = .milliseconds(20)
        return configuration
    }

    /// Of a provider that nobody can stand in for.
    @Test(arguments: [
        row(.yuntongxun, .throttled, .sent), row(.twilio, .throttled, .sent), row(.yuntongxun, .systemFailed, .sent),
        row(.twilio, .systemFailed, .sent), row(.webhook, .throttled, .sent), row(.webhook, .systemFailed, .sent),
        row(.yuntongxun, status: 503, .sent), row(.sns, .systemFailed, .sent), row(.aliyun, .throttled, .sent),
        row(.tencent, .throttled, .sent),
    ]) func isTriedAgainWhereNobodyElseCan(_ row: Row) async throws {
        try await DeliverySystem.run(sandbox: Self.withoutNumberLimit) { address in
            [row.account(at: address)]
        } _: { system in
            var fault = row.fault
            fault.count = 1
            system.sandbox.faults.turnOn([fault])
            try await system.enqueue("13800138000", "012345")
            try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
            #expect(try await system.statistic("retried") >= 1)
            #expect(system.sandbox.inbox.messages().map(\.gateway) == [row.provider.rawValue])
        }
    }

    /// An operator has to act: until then nothing is sent, and nothing is lost.
    @Test(arguments: [SandboxFault.authorizationRefused, .countryRefused]) func waitsForTheOperator(
        _ fault: SandboxFault
    )
        async throws
    {
        for provider in [ProviderName.yuntongxun, .twilio] {
            try await DeliverySystem.run(sandbox: Self.withoutNumberLimit) { address in
                [SandboxAccount.demo.account(provider, at: address)]
            } _: { system in
                system.sandbox.faults.turnOn([FaultSwitch(fault)])
                try await system.enqueue("13800138000", "012345")
                try await eventually("it is scheduled again") { try await system.statistic("retried") >= 1 }
                let part = fault == .countryRefused ? ", country CN (geo)" : " (auth)"
                #expect(system.service.breakers.open.map(\.description) == ["\(provider.rawValue)\(part)"])
                #expect(try await system.statistic("dead") == 0)
                #expect(system.sandbox.inbox.messages().isEmpty)
            }
        }
    }
}

/// The same through the number's last two digits.
@Suite(.timeLimit(.minutes(10))) struct MagicNumberMatrixTests {
    enum End: Sendable, Equatable {
        case sent(retries: Int)
        case dead(String)
        /// Tried again and again; so many messages at each attempt.
        case triedAgain(messagesEach: Int)
    }

    /// How a number ends, and what becomes of its job where there is one provider.
    static let ends: [(Int, End)] = [
        (49, .sent(retries: 0)), (50, .dead("bad_number")), (51, .dead("bad_number")),
        (52, .triedAgain(messagesEach: 0)), (53, .triedAgain(messagesEach: 0)), (54, .dead("throttled")),
        (55, .triedAgain(messagesEach: 0)), (56, .sent(retries: 2)), (57, .triedAgain(messagesEach: 1)),
        (58, .triedAgain(messagesEach: 0)), (59, .triedAgain(messagesEach: 1)), (60, .sent(retries: 0)),
        (61, .sent(retries: 0)), (62, .sent(retries: 0)), (63, .sent(retries: 0)), (64, .sent(retries: 0)),
    ]

    private static var withMagicNumbers: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.magicNumbers = true
        configuration.numberInterval = .zero
        configuration.reportDelay = .milliseconds(20)
        return configuration
    }

    @Test(arguments: [ProviderName.yuntongxun, .twilio], ends)
    func numbersChooseTheEnd(_ provider: ProviderName, _ row: (Int, End)) async throws {
        let ending = row.0
        // The vendor has one code for all that comes too often.
        let end = provider == .twilio && ending == 54 ? .triedAgain(messagesEach: 0) : row.1
        let isSilent = [57, 58].contains(ending)
        try await DeliverySystem.run(sandbox: Self.withMagicNumbers) { address in
            [SandboxAccount.demo.account(provider, at: address, callTimeout: .seconds(isSilent ? 1 : 5))]
        } _: { system in
            try await system.enqueue("138001380\(ending)", "012345")
            switch end {
            case .sent(let retries):
                try await eventually("it is sent") { try await system.statistic("succeeded") == 1 }
                #expect(try await system.statistic("retried") == retries)
                #expect(system.sandbox.inbox.messages().count == 1)
            case .dead(let reason):
                try await eventually("it is given up") { try await system.statistic("dead") == 1 }
                #expect(try await system.deathReasons() == [reason])
                #expect(system.sandbox.inbox.messages().isEmpty)
            case .triedAgain(let each):
                try await eventually("it is scheduled again") { try await system.statistic("retried") >= 1 }
                let messages = system.sandbox.inbox.messages()
                #expect(each == 0 ? messages.isEmpty : !messages.isEmpty)
                #expect(Set(messages.map(\.code)).count <= 1, "never another code")
                #expect(try await system.statistic("dead") == 0)
            }
        }
    }
}

extension FailureMatrixTests.Row {
    /// A call that is never answered is given up early, so that the test does not take long.
    fileprivate func account(at address: String) -> ProviderAccount {
        let isSilent = [SandboxFault.hang, .hangAfterSending, .slowBytes].contains(fault.fault)
        return SandboxAccount.demo.account(provider, at: address, callTimeout: .seconds(isSilent ? 2 : 5))
    }
}

extension SandboxAccount {
    /// An account at a provider that the sandbox plays.
    func account(_ name: ProviderName, at address: String, callTimeout: Duration = .seconds(5)) -> ProviderAccount {
        func patient<Account>(_ account: Account, _ timeout: WritableKeyPath<Account, Duration>) -> Account {
            var account = account
            account[keyPath: timeout] = callTimeout
            return account
        }
        return switch name {
        case .yuntongxun: .yuntongxun(patient(yuntongxun(at: address), \.callTimeout))
        case .aliyun: .aliyun(patient(aliyun(at: address), \.callTimeout))
        case .tencent: .tencent(patient(tencent(at: address), \.callTimeout))
        case .twilio: .twilio(patient(twilio(at: address), \.callTimeout))
        case .sns: .sns(patient(sns(at: address), \.callTimeout))
        case .webhook: .webhook(patient(webhook(at: address), \.callTimeout))
        }
    }
}
