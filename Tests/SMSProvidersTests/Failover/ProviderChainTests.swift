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

    private func send(
        _ chain: ProviderChain, _ message: OutgoingMessage? = nil
    ) async throws -> ProviderChain.Delivery {
        try await chain.send(message ?? self.message) { _ in }
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

    @Test func oneTemplatesFaultIsNotTheOthers() async throws {
        let breakers = CircuitBreakers { 0 }
        let only = Scripted("only", .badConfiguration(.template))
        let chain = ProviderChain([only], breakers: breakers)
        var english = message
        english.templates = ["only": MessageTemplate(id: "SMS_1"), "other": MessageTemplate(id: "SMS_2")]
        _ = try await send(chain, english)
        #expect(breakers.open.map(\.description) == ["only, template SMS_1 (template)"])
        #expect(breakers.open.map(\.place) == [CircuitBreakers.Place("only, template SMS_1")])
        #expect(try await send(chain, english) == .allShut(retryAfter: .seconds(10)))
        only.answer(.accepted)
        let sent = ProviderChain.Delivery.answered(provider: "only", SendResult(.accepted, detail: "only"))
        #expect(try await send(chain) == sent)
        #expect(try await send(chain, english) == .allShut(retryAfter: .seconds(10)), "another template's success")
    }

    @Test func anAnswerThatComesLateNeitherClosesABreakerNorChangesWhyItIsOpen() {
        let breakers = CircuitBreakers { 5 }
        _ = breakers.record(.badConfiguration(.auth), of: "only", for: message, began: 4)
        for outcome in [SendOutcome.unknown(.ambiguous), .accepted, .badConfiguration(.funds)] {
            #expect(breakers.record(outcome, of: "only", for: message, began: 4) == nil)
            #expect(breakers.open.map(\.description) == ["only (auth)"])
        }
    }

    @Test(arguments: [(Duration?.none, 1_000), (.milliseconds(1_500), 1_500), (.zero, 1)])
    func aProviderThatSaysThatItIsTooMuchIsLeftAloneForAsLongAsItAsks(
        _ asked: Duration?, _ wait: Int
    ) async throws {
        let only = Scripted("only", .throttled(.rate, retryAfter: asked))
        let chain = ProviderChain([only], breakers: CircuitBreakers { 0 })
        _ = try await send(chain)
        #expect(try await send(chain) == .allShut(retryAfter: .milliseconds(wait)))
        #expect(only.calls == 1)
    }

    @Test func aProviderThatLeavesCallsUnansweredGetsNoMoreUntilItAnswers() async throws {
        let time = Time()
        let (first, second) = (Scripted("first", .accepted), Scripted("second", .accepted))
        let breakers = CircuitBreakers { time.value }
        let chain = ProviderChain([first, second], breakers: breakers)
        let calls = (0..<CircuitBreaker.failuresToOpen).map { _ in breakers.begin("first") }
        time.pass(PendingCalls.patience - 1)
        _ = try await send(chain)
        #expect((first.calls, second.calls) == (1, 0), "it may be slow, and has just answered")
        time.pass(PendingCalls.patience)
        _ = try await send(chain)
        #expect((first.calls, second.calls) == (1, 1))
        #expect(try await send(ProviderChain([first], breakers: breakers)) == .allShut(retryAfter: .seconds(1)))
        breakers.end(calls[0], of: "first", .accepted)
        _ = try await send(chain)
        #expect((first.calls, second.calls) == (2, 1))
        #expect(breakers.open.isEmpty)
    }

    @Test func aFewCallsThatTakeLongOrManyThatDoNotAreNoSilence() {
        var pending = PendingCalls()
        for _ in 1..<CircuitBreaker.failuresToOpen { pending.begin(at: 0) }
        for time in 9_500..<9_900 { pending.begin(at: time) }
        #expect(!pending.isSilent(10_000))
        #expect(pending.isSilent(10_500))
        pending.end(ofCallBegunAt: 9_500, isAnswered: false, at: 10_499)
        #expect(!pending.isSilent(10_500), "the one that is now the fifth has not waited for so long")
        #expect(pending.isSilent(10_501))
        pending.end(ofCallBegunAt: 0, isAnswered: true, at: 10_501)
        #expect(!pending.isSilent(11_500))
        #expect(pending.isSilent(11_501))
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
            breakers: CircuitBreakers { 0 },
            recorder: { answer in
                seen.withLock {
                    $0.append(
                        "\(answer.provider) \(answer.result.outcome.label) \(answer.opened?.description ?? "-")")
                }
            })
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

        func enter(_ provider: String, for message: OutgoingMessage) async -> Duration? {
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

    // MARK: - Asking what became of a message

    /// Answers a repeated call, or tells what became of a message.
    private struct Askable: SMSProvider {
        let provider: Scripted
        var lookup: Looked?
        var name: String { provider.name }
        var outcomeQuery: OutcomeQuery? { lookup.map { .lookup($0) } ?? .repeatedCall }
        func send(_ message: OutgoingMessage) async -> SendResult { await provider.send(message) }
    }

    private struct Looked: OutcomeLookup {
        let outcome: SendOutcome
        func outcome(of message: OutgoingMessage, sentAt sent: Int) async -> SendResult {
            SendResult(outcome, detail: "\(sent)")
        }
    }

    private func ask(_ chain: ProviderChain, _ name: String = "only") async throws -> ProviderChain.Inquiry {
        try await chain.ask(name, about: message, sentAt: 7) {}
    }

    @Test func aQueryIsChargedToTheLimitsAndKeptAwayByBreakers() async throws {
        for lookup in [Looked(outcome: .accepted), nil] {
            let only = Scripted("only", .accepted)
            let breakers = CircuitBreakers { 0 }
            func chain(_ limits: Limits) -> ProviderChain {
                ProviderChain([Askable(provider: only, lookup: lookup)], breakers: breakers, limits: limits)
            }
            let busy = Limits(busy: ["only": .seconds(3)])
            #expect(try await ask(chain(busy)) == .unasked(retryAfter: .seconds(3)))
            let free = Limits(busy: [:])
            guard case .answered(let result) = try await ask(chain(free)) else {
                Issue.record("it was not asked")
                return
            }
            #expect(result.outcome == .accepted)
            #expect(free.inside == 0)
            let calls = only.calls
            let place = CircuitBreakers.Place(provider: "only", part: nil)
            breakers.adopt(CircuitBreakers.Open(place: place, reason: .auth, wait: .seconds(5)))
            #expect(try await ask(chain(free)) == .unasked(retryAfter: .seconds(5)))
            #expect((only.calls, calls) == (calls, lookup == nil ? 1 : 0))
        }
    }

    @Test func aRepeatedCallTeachesTheBreakersAndALookUpDoesNot() async throws {
        let breakers = CircuitBreakers { 0 }
        let only = Scripted("only", .badConfiguration(.gone))
        let looked = ProviderChain(
            [Askable(provider: only, lookup: Looked(outcome: .badConfiguration(.auth)))], breakers: breakers)
        _ = try await ask(looked)
        #expect(breakers.open.isEmpty)
        let repeated = ProviderChain([Askable(provider: only)], breakers: breakers)
        #expect(try await ask(repeated) == .answered(SendResult(.unknown(.gone), detail: "only")))
        #expect(breakers.open.map(\.description) == ["only (gone)"])
        guard case .unasked = try await ask(repeated) else {
            Issue.record("it was asked again")
            return
        }
        #expect(only.calls == 1)
    }

    @Test func whoCannotBeAskedIsNot() async throws {
        let chain = ProviderChain([Scripted("first", .accepted), Askable(provider: Scripted("second", .accepted))])
        #expect(!chain.canAsk("first") && chain.canAsk("second") && !chain.canAsk("third"))
        #expect(try await ask(chain, "first") == .impossible)
        #expect(try await ask(chain, "third") == .impossible)
    }

    @Test func aCodeThatIsNearlyOverIsNoReasonToAskTheNextOne() async throws {
        let (first, second) = (Scripted("first", .retry(.expired)), Scripted("second", .accepted))
        let breakers = CircuitBreakers { 0 }
        for _ in 0..<10 { _ = try await send(ProviderChain([first, second], breakers: breakers)) }
        #expect((first.calls, second.calls) == (10, 0))
        #expect(breakers.open.isEmpty)
    }
}
