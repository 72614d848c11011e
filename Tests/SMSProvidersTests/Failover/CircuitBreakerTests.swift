import Testing

@testable import SMSProviders

@Suite("A circuit breaker") struct CircuitBreakerTests {
    /// Expectations cannot look at a value that they change.
    private final class Subject {
        var breaker = CircuitBreaker()
        var isClosed: Bool { breaker.isClosed }
        func wait(_ now: Int) -> Int { breaker.wait(now) }
        func admits(_ now: Int) -> Bool { breaker.admits(now) }
        /// Of a call that began at that time, or then.
        func record(_ event: CircuitBreaker.Event, began: Int? = nil, at now: Int) {
            breaker.record(event, ofCallBegunAt: began ?? now, at: now)
        }
    }

    @Test func opensAfterFailuresInARow() {
        let breaker = Subject()
        for _ in 1..<CircuitBreaker.failuresToOpen { breaker.record(.failure, at: 0) }
        #expect(breaker.isClosed)
        breaker.record(.success, at: 0)
        for _ in 1..<CircuitBreaker.failuresToOpen { breaker.record(.failure, at: 0) }
        #expect(breaker.isClosed, "a success in between begins the count anew")
        breaker.record(.failure, at: 0)
        #expect(!breaker.isClosed)
        #expect(!breaker.admits(999))
    }

    @Test func opensAtOnceForAFault() {
        let breaker = Subject()
        breaker.record(.fault, at: 5)
        #expect(breaker.wait(5) == 10_000)
        #expect(!breaker.admits(10_004))
        #expect(breaker.admits(10_005))
    }

    @Test func letsOneCallThroughToSeeWhetherItWorksAgain() {
        let breaker = Subject()
        breaker.record(.fault, at: 0)
        #expect(breaker.admits(10_000))
        #expect(!breaker.admits(10_000))
        breaker.record(.success, at: 10_001)
        #expect(breaker.admits(10_001))
        #expect(breaker.breaker == CircuitBreaker())
    }

    @Test func aProbeThatFailsKeepsItOpenForTwiceAsLong() {
        let breaker = Subject()
        breaker.record(.fault, at: 0)
        #expect(breaker.admits(10_000))
        breaker.record(.failure, at: 10_000)
        #expect(breaker.wait(10_000) == 2_000)
        #expect(breaker.admits(12_000))
        breaker.record(.fault, at: 12_000)
        #expect(breaker.wait(12_000) == 40_000)
        for _ in 0..<20 {
            let now = breaker.wait(0)
            #expect(breaker.admits(now))
            breaker.record(.fault, at: now)
            #expect(breaker.wait(now) <= 300_000)
        }
    }

    @Test func aProbeThatIsNeverHeardOfIsFollowedByAnother() {
        let breaker = Subject()
        breaker.record(.fault, at: 0)
        #expect(breaker.admits(10_000))
        #expect(!breaker.admits(10_000 + CircuitBreaker.probePatience - 1))
        #expect(breaker.admits(10_000 + CircuitBreaker.probePatience))
    }

    @Test func callsThatHadBegunBeforeDoNotCountAgain() {
        let breaker = Subject()
        for _ in 0..<100 { breaker.record(.failure, at: 0) }
        #expect(breaker.wait(0) == 1_000)
    }

    @Test func waitsAsLongAsItIsAskedTo() {
        let breaker = Subject()
        breaker.record(.busy(2_000), at: 0)
        #expect(breaker.wait(0) == 2_000)
        #expect(breaker.admits(2_000))
    }

    @Test func aSuccessOfACallThatHadBegunBeforeDoesNotCloseIt() {
        let breaker = Subject()
        breaker.record(.fault, at: 5)
        breaker.record(.success, began: 4, at: 6)
        #expect(breaker.wait(6) == 9_999)
        #expect(breaker.admits(10_005))
        breaker.record(.success, began: 4, at: 10_006)
        breaker.record(.failure, began: 4, at: 10_006)
        #expect(!breaker.isClosed, "the call that is on its way decides")
        #expect(breaker.breaker.pause(10_006) == CircuitBreaker.pauseWhileProbing)
        breaker.record(.success, began: 10_005, at: 10_007)
        #expect(breaker.isClosed)
    }

    @Test(arguments: [CircuitBreaker.Event.success, .failure, .fault, .busy(1_000)])
    func whatIsClosedByHandIsOpenedByNoAnswer(_ event: CircuitBreaker.Event) {
        let breaker = Subject()
        breaker.record(.end, at: 5)
        breaker.record(event, began: 4, at: 6)
        #expect(breaker.breaker.until == 5 + CircuitBreaker.untilClosedByHand)
    }
}
