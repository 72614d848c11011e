import Testing

@testable import TaskQueue

@Suite(.timeLimit(.minutes(5))) struct SignalTests {
    @Test func isRememberedOnce() async {
        let signal = Signal()
        signal.raise()
        signal.raise()
        #expect(await signal.wait())
        #expect(await signal.wait(atMost: .milliseconds(20)) == false)
    }

    @Test func survivesACancelledWaiter() async {
        let signal = Signal()
        let waiting = Task { await signal.wait() }
        waiting.cancel()
        #expect(await waiting.value == false)
        #expect(await signal.wait(atMost: .milliseconds(20)) == false, "it does not end with the one who left")
        signal.raise()
        #expect(await signal.wait())
    }

    @Test func wakesAllWhoWait() async {
        let signal = Signal()
        let waiting = (0..<8).map { _ in Task { await signal.wait() } }
        // Raised until all have come and gone: those who were early and those who were late.
        let raising = Task {
            while !Task.isCancelled {
                signal.raise()
                await Task.yield()
            }
        }
        for task in waiting { #expect(await task.value) }
        raising.cancel()
    }
}
