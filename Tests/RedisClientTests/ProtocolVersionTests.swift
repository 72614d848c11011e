import TestSupport
import Testing

@testable import RedisClient

/// The third version of the protocol: where the installed hiredis reads it, and what is said where it does not.
@Suite(.timeLimit(.minutes(1))) struct ProtocolVersionTests {
    private static let wire =
        "%1\r\n+key\r\n:7\r\n~2\r\n:1\r\n:2\r\n,1.5\r\n#t\r\n(12345678901234567890\r\n=8\r\ntxt:some\r\n_\r\n>2\r\n+a\r\n+b\r\n"

    @Test func theReaderKnowsTheKindsThatHiredisKnows() throws {
        let reader = ReplyReader()
        reader.feed(Array(Self.wire.utf8))
        guard RedisClient.readsRESP3 else {
            #expect(throws: ProtocolViolation.self) { try reader.next() }
            return
        }
        var replies: [RESPValue] = []
        while let reply = try reader.next() { replies.append(reply) }
        #expect(
            replies == [
                .map([RESPPair(key: .status("key"), value: .integer(7))]), .set([.integer(1), .integer(2)]),
                .double(1.5), .boolean(true), .bigNumber("12345678901234567890"),
                .verbatim(format: "txt", text: "some"), .null, .push([.status("a"), .status("b")]),
            ])
    }

    @Test func aServerAnswersInKindsOfItsOwnOrTheReasonIsTold() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url() + "?protocol=3") { $0.whileDisconnected = .fail }
        try await client.whileRunning {
            guard RedisClient.readsRESP3 else {
                let error = await #expect(throws: RedisError.self) { try await client.ping() }
                #expect(error?.message.contains("protocol 3 needs hiredis 1.0") == true)
                return
            }
            _ = try await client.send(RedisCommand("HSET", "h", "a", 1, "b", 2))
            let map = try await client.send(RedisCommand("HGETALL", "h"))
            #expect(map.kind == "a map")
            #expect(try map.map.map { try $0.key.text } == ["a", "b"])
            _ = try await client.send(RedisCommand("ZADD", "z", 1.5, "m"))
            #expect(try await client.send(RedisCommand("ZSCORE", "z", "m")) == .double(1.5))
            try await client.subscribe(to: ["news"]) { events in
                for await event in events {
                    switch event {
                    case .subscribed: _ = try await client.send(RedisCommand("PUBLISH", "news", "x"))
                    case .message(let message):
                        #expect(message.text == "x")
                        return
                    }
                }
            }
        }
    }

    @Test func theSecondVersionGivesTheSameThroughTypedAccess() async throws {
        let server = try await RedisServer.start()
        let client = try RedisClient.quiet(server.url())
        try await client.whileRunning {
            _ = try await client.send(RedisCommand("HSET", "h", "a", 1))
            let map = try await client.send(RedisCommand("HGETALL", "h")).map
            #expect(map == [RESPPair(key: .bytes(Array("a".utf8)), value: .bytes(Array("1".utf8)))])
            _ = try await client.send(RedisCommand("ZADD", "z", 1.5, "m"))
            #expect(try await client.send(RedisCommand("ZSCORE", "z", "m")).double == 1.5)
            #expect(try await client.send(RedisCommand("EXISTS", "z")).boolean)
        }
        #expect(RedisClient.hiredisVersion.contains("."))
    }
}
