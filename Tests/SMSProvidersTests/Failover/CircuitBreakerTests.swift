import Testing

@testable import SMSProviders

@Suite("A circuit breaker") struct CircuitBreakerTests {
    /// Expectations cannot look at a value that they change.
    private final class Subject {
        var breaker = CircuitBreaker()
        var isClosed: Bool { breaker.isClosed }
        func wait(_ now: Int) -> Int { breaker.wait(now) }
        func admits(_ now: Int) -> Bool { breaker.admits(now) }
        func record(_ event: CircuitBreaker.Event, at now: Int) { breaker.record(event, at: now) }
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
}
