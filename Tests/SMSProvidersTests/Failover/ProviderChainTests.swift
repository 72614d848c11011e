import Synchronization
import Testing

@testable import SMSProviders

@Suite("A chain of providers") struct ProviderChainTests {
    /// Answers what it is told to, and notes that it was asked.
    private final class Scripted: SMSProvider {
        let name: String
        private let outcome: Mutex<SendOutcome>
        private let count = Mutex(0)

        init(_ name: String, _ outcome: SendOutcome) {
            self.name = name
            self.outcome = Mutex(outcome)
        }

        var calls: Int { count.withLock { $0 } }

        func answer(_ outcome: SendOutcome) { self.outcome.withLock { $0 = outcome } }

        func send(_ message: OutgoingMessage) async -> SendResult {
            count.withLock { $0 += 1 }
            return SendResult(outcome.withLock { $0 }, detail: name)
        }
    }

    private final class Time: Sendable {
        private let now = Mutex(0)
        var value: Int { now.withLock { $0 } }
        func pass(_ milliseconds: Int) { now.withLock { $0 += milliseconds } }
    }

    private let message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")

    private func send(_ chain: ProviderChain) async throws -> ProviderChain.Delivery {
        try await chain.send(message) { _ in }
    }

    @Test(
        "asks the next one only when the message was certainly not sent, and not because of the number",
        arguments: [
            (SendOutcome.accepted, false), (.retry(.connection), true), (.retry(.channel), true),
            (.throttled(.rate, retryAfter: nil), true), (.throttled(.quota, retryAfter: nil), true),
            (.throttled(.number, retryAfter: nil), false), (.badNumber(.blocked), false),
            (.badConfiguration(.auth), true), (.badConfiguration(.geo), true), (.unknown(.ambiguous), false),
            (.unknown(.unlisted), false),
        ])
    func goesOn(outcome: SendOutcome, isExpected: Bool) async throws {
        let (first, second) = (Scripted("first", outcome), Scripted("second", .accepted))
        let delivery = try await send(ProviderChain([first, second]))
        #expect(second.calls == (isExpected ? 1 : 0))
        let expected =
            isExpected ? SendResult(.accepted, detail: "second") : SendResult(outcome, detail: "first")
        #expect(delivery == .answered(provider: isExpected ? "second" : "first", expected))
    }

    @Test func asksBeforeEachCallWhetherItMay() async throws {
        struct Over: Error {}
        let (first, second) = (Scripted("first", .retry(.connection)), Scripted("second", .accepted))
        let chain = ProviderChain([first, second])
        var asked = 0
        await #expect(throws: Over.self) {
            try await chain.send(message) { _ in
                asked += 1
                if asked == 2 { throw Over() }
            }
        }
        #expect((first.calls, second.calls) == (1, 0))
    }

    @Test func leavesAProviderAloneWhoseBreakerIsOpenAndComesBack() async throws {
        let time = Time()
        let (first, second) = (Scripted("first", .badConfiguration(.auth)), Scripted("second", .accepted))
        let breakers = CircuitBreakers { time.value }
        let chain = ProviderChain([first, second], breakers: breakers)
        for _ in 0..<10 { _ = try await send(chain) }
        #expect((first.calls, second.calls) == (1, 10))
        #expect(breakers.open.map(\.description) == ["first (auth)"])
        first.answer(.accepted)
        time.pass(10_000)
        for _ in 0..<10 { _ = try await send(chain) }
        #expect((first.calls, second.calls) == (11, 10))
        #expect(breakers.open.isEmpty)
    }

    @Test func aTemplatesAndACountrysFaultAreNotTheWholeProviders() async throws {
        let breakers = CircuitBreakers { 0 }
        let only = Scripted("only", .badConfiguration(.geo))
        let chain = ProviderChain([only], breakers: breakers)
        _ = try await send(chain)
        #expect(breakers.open.map(\.description) == ["only, country CN (geo)"])
        #expect(try await send(chain) == .allShut(retryAfter: .seconds(10)))
        var abroad = message
        abroad.country = "HK"
        only.answer(.badConfiguration(.template))
        _ = try await chain.send(abroad) { _ in }
        #expect(only.calls == 2)
        #expect(breakers.open.map(\.description) == ["only, country CN (geo)", "only, template (template)"])
    }

    @Test func aNumbersOwnFaultSaysNothingAboutTheProvider() async throws {
        let breakers = CircuitBreakers { 0 }
        let only = Scripted("only", .badNumber(.number))
        let chain = ProviderChain([only], breakers: breakers)
        for outcome in [
            SendOutcome.badNumber(.number), .throttled(.number, retryAfter: nil), .badConfiguration(.param),
        ] {
            only.answer(outcome)
            for _ in 0..<10 { _ = try await send(chain) }
        }
        #expect(only.calls == 30)
        #expect(breakers.open.isEmpty)
    }

    @Test func tellsWhatItWasAnsweredAndWhichBreakerThatOpened() async throws {
        let seen = Mutex<[String]>([])
        let chain = ProviderChain(
            [Scripted("first", .throttled(.rate, retryAfter: .seconds(2))), Scripted("second", .accepted)],
            breakers: CircuitBreakers { 0 }
        ) { provider, result, opened in
            seen.withLock { $0.append("\(provider) \(result.outcome.label) \(opened?.description ?? "-")") }
        }
        _ = try await send(chain)
        #expect(seen.withLock { $0 } == ["first throttled first (rate)", "second ok -"])
    }

    // MARK: - Limits and what is remembered

    /// Lets only some providers be called, and counts.
    private final class Limits: CallLimits {
        private let busy: [String: Duration]
        private let entered = Mutex(0)

        init(busy: [String: Duration]) { self.busy = busy }

        var inside: Int { entered.withLock { $0 } }

        func enter(_ provider: String) async -> Duration? {
            if let wait = busy[provider] { return wait }
            entered.withLock { $0 += 1 }
            return nil
        }

        func leave(_ provider: String) { entered.withLock { $0 -= 1 } }
    }

    @Test func passesOverAProviderThatHasAsManyCallsAsItMay() async throws {
        let (first, second) = (Scripted("first", .accepted), Scripted("second", .accepted))
        let limits = Limits(busy: ["first": .seconds(1)])
        let delivery = try await send(ProviderChain([first, second], limits: limits))
        #expect(delivery == .answered(provider: "second", SendResult(.accepted, detail: "second")))
        #expect((first.calls, second.calls, limits.inside) == (0, 1, 0))
    }

    @Test func tellsWhenToTryAgainWhenAllAreBusy() async throws {
        let (first, second) = (Scripted("first", .accepted), Scripted("second", .accepted))
        let limits = Limits(busy: ["first": .seconds(3), "second": .seconds(2)])
        #expect(try await send(ProviderChain([first, second], limits: limits)) == .allBusy(retryAfter: .seconds(2)))
        #expect((first.calls, second.calls, limits.inside) == (0, 0, 0))
    }

    @Test func aBusyProviderAfterOneThatFailedChangesNothingAboutWhatThatOneSaid() async throws {
        let first = Scripted("first", .retry(.channel))
        let chain = ProviderChain(
            [first, Scripted("second", .accepted)], limits: Limits(busy: ["second": .seconds(1)]))
        #expect(
            try await send(chain) == .answered(provider: "first", SendResult(.retry(.channel), detail: "first")))
    }

    @Test func leavesWhatItHasEnteredAlsoWhenItMayNotCall() async throws {
        struct Over: Error {}
        let limits = Limits(busy: [:])
        let chain = ProviderChain([Scripted("only", .accepted)], limits: limits)
        await #expect(throws: Over.self) { try await chain.send(message) { _ in throw Over() } }
        #expect(limits.inside == 0)
    }

    /// Knows one provider's refusal, and what it was told.
    private final class Memory: RefusalMemory {
        private let refusing: String
        private let learned = Mutex<[SendOutcome]>([])

        init(refusing: String) { self.refusing = refusing }

        var outcomes: [SendOutcome] { learned.withLock { $0 } }

        func refusal(of message: OutgoingMessage, by provider: String) async -> SendResult? {
            provider == refusing ? SendResult(.badNumber(.blocked), detail: "remembered") : nil
        }

        func learn(_ result: SendResult, to message: OutgoingMessage, of provider: String) async {
            learned.withLock { $0.append(result.outcome) }
        }
    }

    @Test func whatIsRememberedOfANumberEndsTheSearchWithoutACall() async throws {
        let (first, second) = (Scripted("first", .retry(.channel)), Scripted("second", .accepted))
        let memory = Memory(refusing: "second")
        let delivery = try await send(ProviderChain([first, second], memory: memory))
        #expect(
            delivery == .answered(provider: "second", SendResult(.badNumber(.blocked), detail: "remembered")))
        #expect((first.calls, second.calls) == (1, 0))
        #expect(memory.outcomes == [.retry(.channel)])
    }

    @Test func aProviderThatIsClosedForGoodStaysShutUntilSomebodyOpensIt() async throws {
        let time = Time()
        let breakers = CircuitBreakers { time.value }
        let only = Scripted("only", .badConfiguration(.gone))
        let chain = ProviderChain([only], breakers: breakers)
        _ = try await send(chain)
        only.answer(.accepted)
        time.pass(365 * 86_400_000)
        guard case .allShut = try await send(chain) else {
            Issue.record("it was called")
            return
        }
        #expect(only.calls == 1)
        #expect(breakers.open.map(\.description) == ["only (gone)"])
        breakers.close(breakers.open[0].place)
        _ = try await send(chain)
        #expect(only.calls == 2)
    }

    @Test func aCodeThatIsNearlyOverIsNoReasonToAskTheNextOne() async throws {
        let (first, second) = (Scripted("first", .retry(.expired)), Scripted("second", .accepted))
        let breakers = CircuitBreakers { 0 }
        for _ in 0..<10 { _ = try await send(ProviderChain([first, second], breakers: breakers)) }
        #expect((first.calls, second.calls) == (10, 0))
        #expect(breakers.open.isEmpty)
    }
}
