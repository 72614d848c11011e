import Logging
import Synchronization
import Testing

@testable import Operations

@Suite struct RepeatLimiterTests {
    /// A clock that stands still unless it is moved.
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private let clock = Clock()
    private let collector = LineCollector()

    private func logger() -> Logger {
        collector.logger(
            isJournal: true,
            limiter: RepeatLimiter(burst: 2, period: .seconds(10)) { [clock] in clock.now })
    }

    @Test func aFewOfTheSameAreWrittenAndThenHowManyWereNot() {
        let logger = logger()
        for number in 0..<5 { logger.warning("Cannot connect", metadata: ["n": "\(number)"]) }
        logger.warning("Cannot write")
        clock.advance(.seconds(10))
        logger.info("Connected")
        #expect(
            collector.lines == [
                "<4>[WARNING/MainProcess] Cannot connect n=0\n", "<4>[WARNING/MainProcess] Cannot connect n=1\n",
                "<4>[WARNING/MainProcess] Cannot write\n", "<4>[WARNING/MainProcess] 3 times more: Cannot connect\n",
                "<6>[INFO/MainProcess] Connected\n",
            ])
    }

    @Test func anotherLevelIsAnotherRecord() {
        let logger = logger()
        for _ in 0..<2 {
            logger.warning("x")
            logger.error("x")
        }
        #expect(collector.lines.count == 4)
    }

    @Test func afterThePeriodItIsWrittenAgain() {
        let logger = logger()
        for _ in 0..<3 {
            logger.error("x")
            logger.error("x")
            clock.advance(.seconds(10))
        }
        #expect(collector.lines == Array(repeating: "<3>[ERROR/MainProcess] x\n", count: 6))
    }

    @Test func linesOfTasksAreNeverHeldBack() {
        let logger = logger()
        for _ in 0..<10 { logger.info("Task received") }
        #expect(collector.lines.count == 10)
    }

    @Test func manyDifferentTextsAreForgottenAndWhatWasHeldBackIsTold() {
        let logger = logger()
        for _ in 0..<3 { logger.warning("the same") }
        for number in 0..<1000 { logger.warning("number \(number)") }
        #expect(collector.lines.filter { $0.contains("number") }.count == 1000)
        #expect(collector.lines.filter { $0.contains("1 times more: the same") }.count == 1)
    }
}
