import Testing

@testable import QueueTool

/// The visits that the console keeps.
@Suite struct ConsoleSessionsTests {
    @Test func whoWasSeenLongestAgoGoesFirst() {
        let sessions = ConsoleSessions()
        let (first, second) = (sessions.begin(), sessions.begin())
        for _ in 0..<998 { _ = sessions.begin() }
        #expect(sessions.session(first.id)?.formToken == first.formToken)
        sessions.tell("Done.", second)
        _ = sessions.begin()
        #expect(sessions.session(second.id) == nil && sessions.takeNotice(second) == nil)
        for _ in 0..<998 { _ = sessions.begin() }
        #expect(sessions.session(first.id) != nil)
        sessions.end(first)
        #expect(sessions.session(first.id) == nil)
    }
}
