import Testing

@testable import RedisClient

@Suite struct CommandQueueTests {
    private let start = ContinuousClock.now
    private var queue = CommandQueue<Int>()

    private mutating func submit(_ ticket: UInt64, _ text: String, replies: Int = 1, after: Duration = .seconds(5)) {
        let isTaken = queue.submit(
            CommandQueue<Int>.Submission(
                bytes: Array(text.utf8), replies: replies, ticket: ticket, patience: after, replyPatience: after,
                completion: Int(ticket)),
            now: start)
        #expect(isTaken)
    }

    private mutating func write(_ now: ContinuousClock.Instant? = nil, enough: Int = .max) -> String {
        var bytes: [UInt8] = []
        queue.takeForWriting(now ?? start, into: &bytes, enough: enough)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test mutating func whatWaitsLeavesTogetherAndRepliesMatchInOrder() {
        submit(1, "a")
        submit(2, "b", replies: 2)
        #expect(write() == "ab")
        guard case .finished(1, .integer(10)) = queue.receive(.integer(10)) else {
            return #expect(Bool(false), "the first reply belongs to the first command")
        }
        guard case .taken = queue.receive(.integer(20)) else { return #expect(Bool(false), "one reply is missing") }
        guard case .finishedTogether(2, [.integer(20), .integer(21)]) = queue.receive(.integer(21)) else {
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
        #expect(write() == "ac")
        #expect(queue.inFlightCount == 2)
    }

    @Test mutating func aCancelledCommandInFlightDoesNotShiftTheOthersReplies() {
        submit(1, "a")
        submit(2, "b")
        _ = write()
        #expect(queue.cancel(1)?.mayHaveBeenExecuted == true)
        guard case .taken = queue.receive(.integer(1)) else { return #expect(Bool(false), "its reply must be taken") }
        guard case .finished(2, .integer(2)) = queue.receive(.integer(2)) else {
            return #expect(Bool(false), "the second reply belongs to the second command")
        }
    }

    @Test mutating func theLostConnectionTellsWhatMayHaveBeenExecuted() {
        submit(1, "a")
        _ = write()
        submit(2, "b")
        #expect(queue.failInFlight().map(\.mayHaveBeenExecuted) == [true])
        #expect(write() == "b", "what was not written waits for the next connection")
    }

    @Test mutating func deadlinesOfWaitingCommandsAndOfTheServer() {
        submit(1, "a", after: .seconds(1))
        submit(2, "b", after: .seconds(3))
        #expect(queue.nextDeadline == start + .seconds(1))
        #expect(queue.expireWaiting(start + .seconds(2)) == [1])
        #expect(queue.nextDeadline == start + .seconds(3))
        #expect(write() == "b")
        #expect(!queue.isOverdue(start + .seconds(2)))
        #expect(queue.isOverdue(start + .seconds(3)))
    }

    @Test mutating func waitingForAConnectionDoesNotCountAsTheServersSilence() {
        submit(1, "a", after: .seconds(5))
        let connected = start + .seconds(4)
        #expect(write(connected) == "a")
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
        #expect(write().isEmpty)
    }

    @Test mutating func onlySoManyAreInFlightAndTheRestIsNotInDoubt() {
        queue = CommandQueue(CommandQueue<Int>.Limits(inFlight: 2))
        for ticket in 1...4 { submit(UInt64(ticket), "\(ticket)") }
        #expect(write() == "12")
        #expect(!queue.hasWorkToWrite)
        _ = queue.receive(.null)
        #expect(queue.hasWorkToWrite)
        #expect(write() == "3")
        #expect(queue.cancel(4)?.mayHaveBeenExecuted == false)
        #expect(queue.failInFlight().count == 2)
        #expect(queue.isIdle)
    }

    @Test mutating func aPipelineOfMoreThanFitsGoesAlone() {
        queue = CommandQueue(CommandQueue<Int>.Limits(inFlight: 2))
        submit(1, "a")
        submit(2, "bbb", replies: 3)
        #expect(write() == "a")
        _ = queue.receive(.null)
        #expect(write() == "bbb")
        #expect(queue.inFlightCount == 3)
    }

    @Test mutating func writesInPortions() {
        for ticket in 1...3 { submit(UInt64(ticket), "xy") }
        #expect(write(enough: 3) == "xyxy")
        #expect(write(enough: 3) == "xy")
    }

    @Test mutating func refusesWhatIsTooMany() {
        queue = CommandQueue(CommandQueue<Int>.Limits(waiting: 2, waitingBytes: 10))
        func take(_ ticket: UInt64, _ size: Int) -> Bool {
            queue.submit(
                .init(
                    bytes: [UInt8](repeating: 0, count: size), ticket: ticket, patience: .seconds(1),
                    replyPatience: .seconds(1), completion: 0),
                now: start)
        }
        let taken = [take(1, 8), take(2, 3), take(2, 2), take(3, 0)]
        #expect(taken == [true, false, true, false], "the second has too many bytes, the fourth is one too many")
        #expect(queue.waitingByteCount == 10)
        _ = queue.cancel(1)
        #expect(queue.waitingByteCount == 2)
        let takenAgain = take(3, 8)
        #expect(takenAgain)
    }

    @Test mutating func aBlockedCommandIsHastenedOnlyWhileItIsInFlight() {
        submit(1, "a", after: .seconds(60))
        let whileWaiting = queue.hasten(1, by: start + .seconds(1))
        _ = write()
        let inFlight = queue.hasten(1, by: start + .seconds(1))
        #expect(queue.isOverdue(start + .seconds(1)))
        _ = queue.receive(.null)
        let afterwards = queue.hasten(1, by: start + .seconds(1))
        #expect([whileWaiting, inFlight, afterwards] == [false, true, false])
    }

    @Test mutating func ticketsThatJoinedOutOfOrderAreFound() {
        for ticket: UInt64 in [2, 1, 4, 3, 5] { submit(ticket, "\(ticket)") }
        #expect(queue.cancel(1)?.completion == 1)
        #expect(queue.cancel(4)?.completion == 4)
        #expect(write() == "235")
        #expect(queue.cancel(3)?.completion == 3)
        #expect(queue.cancel(6) == nil)
    }
}
