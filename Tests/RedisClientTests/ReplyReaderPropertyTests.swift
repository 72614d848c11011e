import Foundation
import TestSupport
import Testing

/// What must hold for every stream of bytes and for every way in which a network may cut it, tried on random ones.
///
/// A failure names its seed: `SMS_TEST_SEED=<seed> swift test --filter ReplyReaderPropertyTests` does the same again.
@Suite struct ReplyReaderPropertyTests {
    private static let seed: UInt64 = {
        guard let text = ProcessInfo.processInfo.environment["SMS_TEST_SEED"] else { return .random(in: 0 ... .max) }
        guard let seed = UInt64(text) else { preconditionFailure("SMS_TEST_SEED is not a number: \(text)") }
        return seed
    }()

    @Test func whatWasEncodedIsReadWhateverTheSplits() throws {
        var generator = SeededGenerator(seed: Self.seed)
        var byteCount = 0
        var round = 0
        while byteCount < 12_000_000 {
            round += 1
            // Most rounds are many small replies in small pieces, some are large strings.
            var replies = RandomReplies(longestString: round.isMultiple(of: 10) ? 1_000_000 : 40)
            for _ in 0..<Int.random(in: 1...8, using: &generator) { replies.appendReply(using: &generator) }
            let pieces = replies.bytes.split(atMost: 200, using: &generator)
            let isRead = ReadOutcome(of: pieces) == ReadOutcome(replies: replies.values)
            try #require(isRead, "SMS_TEST_SEED=\(Self.seed), round \(round)")
            byteCount += replies.bytes.count
        }
    }

    @Test func damagedBytesHaveTheSameOutcomeWhateverTheSplits() throws {
        var generator = SeededGenerator(seed: Self.seed)
        for round in 1...3000 {
            var replies = RandomReplies(longestString: 20)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { replies.appendReply(using: &generator) }
            let damaged = replies.bytes.damaged(using: &generator)
            let whole = ReadOutcome(of: [damaged])
            let split = ReadOutcome(of: damaged.split(atMost: 10, using: &generator))
            let single = ReadOutcome(of: damaged.map { [$0] })
            let isSame = whole == split && whole == single
            try #require(isSame, "SMS_TEST_SEED=\(Self.seed), round \(round)")
        }
    }
}
