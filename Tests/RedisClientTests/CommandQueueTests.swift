import Testing

@testable import RedisClient

@Suite struct CommandQueueTests {
    private let start = ContinuousClock.now
    private var queue = CommandQueue<Int>()

    private mutating func submit(_ ticket: UInt64, _ text: String, replies: Int = 1, after: Duration = .seconds(5)) {
        queue.submit(
            Array(text.utf8), replies: replies, ticket: ticket, now: start, patience: after, completion: Int(ticket))
    }

    private func written(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test mutating func whatWaitsLeavesTogetherAndRepliesMatchInOrder() {
        submit(1, "a")
        submit(2, "b", replies: 2)
        #expect(written(queue.takeForWriting(start)) == "ab")
        guard case .finished(1, [.integer(10)]) = queue.receive(.integer(10)) else {
            return #expect(Bool(false), "the first reply belongs to the first command")
        }
        guard case .taken = queue.receive(.integer(20)) else { return #expect(Bool(false), "one reply is missing") }
        guard case .finished(2, [.integer(20), .integer(21)]) = queue.receive(.integer(21)) else {
            return #expect(Bool(false), "two replies belong to the second command")
        }
        guard case .unexpected = queue.receive(.null) else { return #expect(Bool(false), "nothing is in flight") }
    }

    @Test mutating func aCancelledCommandThatWaitsIsNeverWritten() {
        submit(1, "a")
        submit(2, "b")
        submit(3, "c")
        #expect(queue.cancel(2)?.mayHaveBeenExecuted == false)
        #expect(queue.cancel(2) == nil)
        #expect(written(queue.takeForWriting(start)) == "ac")
        #expect(queue.inFlightCount == 2)
    }

    @Test mutating func aCancelledCommandInFlightDoesNotShiftTheOthersReplies() {
        submit(1, "a")
        submit(2, "b")
        _ = queue.takeForWriting(start)
        #expect(queue.cancel(1)?.mayHaveBeenExecuted == true)
        guard case .taken = queue.receive(.integer(1)) else { return #expect(Bool(false), "its reply must be taken") }
        guard case .finished(2, [.integer(2)]) = queue.receive(.integer(2)) else {
            return #expect(Bool(false), "the second reply belongs to the second command")
        }
    }

    @Test mutating func theLostConnectionTellsWhatMayHaveBeenExecuted() {
        submit(1, "a")
        _ = queue.takeForWriting(start)
        submit(2, "b")
        #expect(queue.failInFlight().map(\.mayHaveBeenExecuted) == [true])
        #expect(written(queue.takeForWriting(start)) == "b", "what was not written waits for the next connection")
    }

    @Test mutating func deadlinesOfWaitingCommandsAndOfTheServer() {
        submit(1, "a", after: .seconds(1))
        submit(2, "b", after: .seconds(3))
        #expect(queue.nextDeadline == start + .seconds(1))
        #expect(queue.expireWaiting(start + .seconds(2)) == [1])
        #expect(queue.nextDeadline == start + .seconds(3))
        #expect(written(queue.takeForWriting(start)) == "b")
        #expect(!queue.isOverdue(start + .seconds(2)))
        #expect(queue.isOverdue(start + .seconds(3)))
    }

    @Test mutating func waitingForAConnectionDoesNotCountAsTheServersSilence() {
        submit(1, "a", after: .seconds(5))
        let connected = start + .seconds(4)
        #expect(written(queue.takeForWriting(connected)) == "a")
        #expect(!queue.isOverdue(start + .seconds(6)))
        #expect(queue.isOverdue(start + .seconds(9)))
    }

    @Test mutating func whatCallersLeaveBehindDoesNotPileUp() {
        for ticket in 1...5000 { submit(UInt64(ticket), "x", after: .seconds(1)) }
        #expect(queue.expireWaiting(start + .seconds(1)).count == 5000)
        #expect(queue.waitingCount == 0)
        #expect(queue.waitingByteCount == 0)
        for ticket in 1...5000 {
            submit(UInt64(ticket), "x")
            _ = queue.cancel(UInt64(ticket))
        }
        #expect(queue.waitingCount == 0)
        #expect(queue.waitingByteCount <= 1001)
        #expect(queue.takeForWriting(start).isEmpty)
    }
}
