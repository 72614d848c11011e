import Logging
import TestSupport
import Testing

@testable import Operations

/// Records as systemd's journal takes them, on a socket that the test owns.
@Suite(.timeLimit(.minutes(5))) struct JournalLogTests {
    private let folder: TemporaryFolder
    private let socket: NotifySocket
    private let collector = LineCollector()

    init() throws {
        folder = try TemporaryFolder()
        socket = try NotifySocket("\(folder.path)/journal")
    }

    private func logger() throws -> Logger {
        let journal = try #require(JournalSocket(path: socket.address))
        return collector.logger(.journal, isJournal: true, journal: journal)
    }

    @Test func aRecordHasItsFields() async throws {
        try logger().error("Task ccp_send_sms_code[9f] failed", metadata: ["request-id": "9f", "not-logged": "3"])
        #expect(
            await socket.receive() == """
                PRIORITY=3
                LOGGER=sms-worker
                SMS_NOT_LOGGED=3
                SMS_REQUEST_ID=9f
                MESSAGE=Task ccp_send_sms_code[9f] failed

                """)
        #expect(collector.lines.isEmpty)
    }

    @Test func aTextOfSeveralLinesForgesNoField() async throws {
        try logger().info("one\nPRIORITY=0")
        let entry = try #require(await socket.receive())
        #expect(entry == "PRIORITY=6\nLOGGER=sms-worker\nMESSAGE\n\u{e}\0\0\0\0\0\0\0one\nPRIORITY=0\n")
    }

    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func levelsArePriorities(level: Logger.Level, priority: Int) async throws {
        try logger().log(level: level, "x")
        #expect(await socket.receive()?.hasPrefix("PRIORITY=\(priority)\n") == true)
    }

    @Test func whatTheJournalDoesNotTakeIsWrittenAsALine() throws {
        let text = String(repeating: "x", count: 1 << 20)
        try logger().info("\(text)", metadata: ["n": "1"])
        #expect(collector.lines == ["<6>[INFO/MainProcess] \(text) n=1\n"])
    }

    @Test func aJournalThatReadsNoMoreHoldsNobodyUp() throws {
        let logger = try logger()
        while collector.lines.isEmpty { logger.info("more than it keeps") }
        #expect(collector.lines == ["<6>[INFO/MainProcess] more than it keeps\n"])
    }

    @Test func withoutAJournalThereIsNoSocket() {
        #expect(JournalSocket(path: "\(folder.path)/nothing") == nil)
    }
}
