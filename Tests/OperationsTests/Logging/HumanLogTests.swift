import Logging
import Testing

@testable import Operations

@Suite struct HumanLogTests {
    private let collector = LineCollector()

    @Test func linesHaveCelerysShape() throws {
        collector.logger().info("Task ccp_send_sms_code[9f] received")
        let line = try #require(collector.lines.first)
        let shape =
            /\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},003: INFO\/MainProcess\] Task ccp_send_sms_code\[9f\] received\n/
        #expect(line.wholeMatch(of: shape) != nil, "\(line)")
    }

    @Test(arguments: [
        (Logger.Level.trace, "DEBUG"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "INFO"), (.warning, "WARNING"),
        (.error, "ERROR"), (.critical, "CRITICAL"),
    ])
    func levelsHaveCelerysNames(level: Logger.Level, name: String) {
        collector.logger().log(level: level, "x")
        #expect(collector.lines.first?.hasSuffix(": \(name)/MainProcess] x\n") == true)
    }

    @Test func levelsBelowTheLeastAreNotWritten() {
        let logger = collector.logger(level: .warning)
        logger.info("x")
        #expect(collector.lines.isEmpty)
        logger.warning("y")
        #expect(collector.lines.count == 1)
    }

    @Test func metadataFollowsInOrderOfItsKeys() {
        var logger = collector.logger(isJournal: true)
        logger[metadataKey: "queue"] = "celery"
        logger.info(
            "sent", metadata: ["attempt": "2", "detail": "two words", "empty": "", "quote": #"a"b\"#, "n": "a=b"])
        #expect(
            collector.lines == [
                #"<6>[INFO/MainProcess] sent attempt=2 detail="two words" empty="" n="a=b" queue=celery quote="a\"b\\""#
                    + "\n"
            ])
    }

    @Test func anIDThatTheTextNamesIsNotSaidTwice() {
        let id = "7b5275dd-8c1e-4f5c-9d3a-1b2c3d4e5f60"
        let logger = collector.logger(isJournal: true)
        logger.info("Task ccp_send_sms_code[\(id)] received", metadata: ["request-id": "\(id)"])
        logger.info("accepted", metadata: ["request-id": "\(id)"])
        #expect(
            collector.lines == [
                "<6>[INFO/MainProcess] Task ccp_send_sms_code[\(id)] received\n",
                "<6>[INFO/MainProcess] accepted request-id=\(id)\n",
            ])
    }

    @Test func theEventsOwnMetadataWins() {
        var logger = collector.logger(isJournal: true)
        logger[metadataKey: "queue"] = "celery"
        logger.info("x", metadata: ["queue": "other"])
        #expect(collector.lines == ["<6>[INFO/MainProcess] x queue=other\n"])
    }

    @Test func nestedMetadataIsOneValue() {
        collector.logger(isJournal: true).info("x", metadata: ["tags": ["a", "b\nc"]])
        #expect(collector.lines.count == 1)
        #expect(collector.lines.first?.filter(\.isNewline).count == 1)
    }

    /// Whatever comes from outside stays inside its line.
    @Test(arguments: [
        "a\n[2026-11-23 05:56:57,123: INFO/MainProcess] forged", "a\r\nb", "a\rb", "a\u{85}b", "a\u{2028}b",
        "a\u{2029}b", "a\u{0}b", "a\u{1b}[2Kb", "a\u{8}b", "a\u{b}b", "a\u{c}b", "a\u{202e}b", "a\u{9b}2Kb",
    ])
    func nothingForgesALine(text: String) throws {
        collector.logger().info("\(text)", metadata: ["mobile": "\(text)", "\(text)": "x"])
        let line = try #require(collector.lines.first)
        let safe = line.dropLast().unicodeScalars
        #expect(line.hasSuffix("\n"))
        #expect(!safe.contains { isUnsafe($0) })
        #expect(collector.lines.count == 1)
    }

    @Test func escapesCanBeRead() {
        collector.logger(isJournal: true).info("a\nb\tc\u{1b}d", metadata: ["k": "a\nb"])
        #expect(collector.lines == [#"<6>[INFO/MainProcess] a\nb\tc\u{1b}d k="a\nb""# + "\n"])
    }

    @Test func otherScriptsAndEmojiStayAsTheyAre() {
        collector.logger(isJournal: true).info("短信发送成功 👨‍👩‍👧", metadata: ["签名": "云通讯"])
        #expect(collector.lines == ["<6>[INFO/MainProcess] 短信发送成功 👨‍👩‍👧 签名=云通讯\n"])
    }

    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func theJournalGetsPrioritiesAndNoTime(level: Logger.Level, priority: Int) {
        collector.logger(isJournal: true).log(level: level, "x")
        #expect(collector.lines.first?.hasPrefix("<\(priority)>[\(level.celeryName)/") == true)
    }

    @Test func anErrorIsAValue() {
        collector.logger(isJournal: true).error("x", error: ConfigurationError("no such thing"))
        #expect(collector.lines == [#"<3>[ERROR/MainProcess] x error="no such thing""# + "\n"])
    }
}
