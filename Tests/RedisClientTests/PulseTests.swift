import Testing

@testable import RedisClient

@Suite struct PulseTests {
    private let start = ContinuousClock.now

    private func pulse() -> Pulse { Pulse(interval: .seconds(10), patience: .seconds(3), now: start) }

    @Test func asksAfterSilenceAndGivesUpWithoutAnAnswer() {
        var pulse = pulse()
        #expect(pulse.check(start + .seconds(4)) == .wait(until: start + .seconds(10)))
        #expect(pulse.check(start + .seconds(10)) == .ask(until: start + .seconds(13)))
        #expect(pulse.check(start + .seconds(12)) == .wait(until: start + .seconds(13)))
        #expect(pulse.check(start + .seconds(13)) == .dead)
    }

    @Test func anythingThatComesIsASignOfLife() {
        var pulse = pulse()
        let unasked = pulse.hear(start + .seconds(5))
        #expect(!unasked)
        #expect(pulse.check(start + .seconds(10)) == .wait(until: start + .seconds(15)))
        _ = pulse.check(start + .seconds(15))
        let asked = pulse.hear(start + .seconds(16))
        #expect(asked)
        #expect(pulse.check(start + .seconds(17)) == .wait(until: start + .seconds(26)))
    }
}
