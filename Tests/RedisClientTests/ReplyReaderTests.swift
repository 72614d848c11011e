import Testing

@testable import RedisClient

@Suite struct ReplyReaderTests {
    private func replies(_ text: String, pieceSize: Int) throws -> [RESPValue] {
        let reader = ReplyReader()
        var replies: [RESPValue] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            reader.feed(Array(bytes.prefix(pieceSize)))
            bytes = bytes.dropFirst(pieceSize)
            while let reply = try reader.next() { replies.append(reply) }
        }
        return replies
    }

    @Test(arguments: [1, 2, 7, 1000])
    func readsEveryKindInPiecesOfAnySize(pieceSize: Int) throws {
        let text =
            "+OK\r\n:42\r\n$5\r\nab\r\nc\r\n$-1\r\n*-1\r\n*0\r\n*2\r\n*2\r\n:1\r\n$0\r\n\r\n-ERR no\r\n-WRONGTYPE bad\r\n"
        #expect(
            try replies(text, pieceSize: pieceSize) == [
                .status("OK"), .integer(42), .bytes(Array("ab\r\nc".utf8)), .null, .null, .array([]),
                .array([.array([.integer(1), .bytes([])]), .error("ERR no")]), .error("WRONGTYPE bad"),
            ])
    }

    @Test func garbageIsAProtocolViolation() {
        #expect(throws: ProtocolViolation.self) { try replies("HTTP/1.1 400 Bad Request\r\n", pieceSize: 1000) }
    }

    @Test func nestingBeyondHiredisLimitIsAProtocolViolation() {
        let text = String(repeating: "*1\r\n", count: 40) + ":1\r\n"
        #expect(throws: ProtocolViolation.self) { try replies(text, pieceSize: 1000) }
    }

    @Test func aHugeAnnouncedCountReservesNothing() throws {
        #expect(try replies("*2147483647\r\n:1\r\n", pieceSize: 1000).isEmpty)
    }

    @Test func typedAccessNamesWhatCameInstead() throws {
        #expect(try RESPValue.bytes(Array("17".utf8)).integer == 17)
        #expect(try RESPValue.status("OK").text == "OK")
        let error = #expect(throws: RedisError.self) { try RESPValue.array([]).integer }
        #expect(error?.message == "expected an integer from Redis, got an array")
    }
}
