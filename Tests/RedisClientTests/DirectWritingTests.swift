import Foundation
import Testing

@testable import RedisClient

@Suite struct DirectWritingTests {
    /// Two ends of a connected socket. The first one is what is written to.
    private struct Ends: ~Copyable {
        let first: Int32
        let second: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            (first, second) = (ends[0], ends[1])
        }

        deinit {
            close(first)
            close(second)
        }

        func read(_ count: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            let length = recv(second, &bytes, count, Int32(MSG_DONTWAIT))
            return Array(bytes.prefix(max(0, length)))
        }
    }

    private let now = ContinuousClock.now

    @Test func whatTheSocketTakesHasLeft() throws {
        let ends = try Ends()
        var direct = DirectWriting()
        direct.socket = DirectSocket(ends.first)
        direct.write(Array("PING".utf8))
        #expect(!direct.hasUnwritten)
        #expect(ends.read(100) == Array("PING".utf8))
    }

    @Test func whatAFullSocketDoesNotTakeIsTheLoopsToWrite() throws {
        let ends = try Ends()
        let socket = DirectSocket(ends.first)
        let filling = [UInt8](repeating: 1, count: 100_000)
        var sent = 0
        while true {
            let count = socket.write(filling)
            if count == 0 { break }
            sent += count
        }
        var direct = DirectWriting()
        direct.socket = socket
        direct.nextVisit = now
        direct.write(Array("PING".utf8))
        #expect(direct.hasUnwritten)
        #expect(!direct.canWrite(4, by: now), "nothing may overtake what is left")
        var buffer: [UInt8] = []
        direct.takeUnwritten(into: &buffer)
        #expect(buffer == Array("PING".utf8))
        #expect(direct.canWrite(4, by: now))
        #expect(sent > 0)
    }

    @Test func aSocketThatTheLoopTookBackIsLeftAlone() throws {
        let ends = try Ends()
        let socket = DirectSocket(ends.first)
        socket.takeBack()
        #expect(socket.write([1, 2, 3]) == 0)
        #expect(ends.read(100) == [])
    }

    @Test func aBrokenSocketTakesNothingAndKillsNobody() throws {
        let ends = try Ends()
        shutdown(ends.second, Int32(SHUT_RDWR))
        #expect(DirectSocket(ends.first).write([1, 2, 3]) == 0)
    }

    @Test func aCommandIsOnlyWrittenWhenTheLoopWillNoticeThatItIsNotAnswered() throws {
        let ends = try Ends()
        var direct = DirectWriting()
        #expect(!direct.canWrite(1, by: now), "not connected")
        direct.socket = DirectSocket(ends.first)
        #expect(!direct.canWrite(1, by: now), "the loop has no appointment")
        direct.nextVisit = now + .seconds(5)
        #expect(!direct.canWrite(1, by: now + .seconds(4)))
        #expect(direct.canWrite(1, by: now + .seconds(5)))
        #expect(!direct.canWrite(1_000_000, by: now + .seconds(5)), "too long to hold the lock for")
        direct.end()
        #expect(!direct.canWrite(1, by: now + .seconds(5)))
    }

    @Test func nothingThatWasNotWrittenOutlivesTheConnection() throws {
        let ends = try Ends()
        let socket = DirectSocket(ends.first)
        socket.takeBack()
        var direct = DirectWriting()
        direct.socket = socket
        direct.write(Array("PING".utf8))
        #expect(direct.hasUnwritten)
        direct.end()
        var buffer: [UInt8] = []
        direct.takeUnwritten(into: &buffer)
        #expect(buffer.isEmpty)
    }
}
