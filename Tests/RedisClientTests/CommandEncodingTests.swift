import Testing

@testable import RedisClient

@Suite struct CommandEncodingTests {
    private func text(_ command: RedisCommand) -> String {
        var pipeline = Pipeline()
        pipeline.append(command)
        return String(decoding: pipeline.bytes, as: UTF8.self)
    }

    @Test func argumentsOfEveryKind() {
        let (bytes, slice): ([UInt8], ArraySlice<UInt8>) = ([0x61, 0x0D, 0x0A], [0x62, 0x63][1...])
        #expect(
            text(RedisCommand("SET", "kö", bytes, "tail"[...], slice))
                == "*5\r\n$3\r\nSET\r\n$3\r\nkö\r\n$3\r\na\r\n\r\n$4\r\ntail\r\n$1\r\nc\r\n")
        #expect(text(RedisCommand("PING")) == "*1\r\n$4\r\nPING\r\n")
        #expect(text(RedisCommand("ECHO", arguments: [""])) == "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n")
    }

    @Test(arguments: [0, 7, 10, -1, 99_999, .max, .min])
    func integers(_ number: Int) {
        let digits = "\(number)"
        #expect(text(RedisCommand("X", number)) == "*2\r\n$1\r\nX\r\n$\(digits.utf8.count)\r\n\(digits)\r\n")
    }

    @Test(arguments: [0.5, -3, 1e21, .infinity])
    func doubles(_ number: Double) {
        let digits = "\(number)"
        #expect(text(RedisCommand("X", number)) == "*2\r\n$1\r\nX\r\n$\(digits.utf8.count)\r\n\(digits)\r\n")
    }

    @Test func aScriptIsCalledByDigestOrWhole() {
        let script = RedisScript(name: "answer", source: Array("return 42".utf8))
        let call = ScriptCall(script, keys: ["k"], arguments: ["a", 7])
        let tail = "$1\r\n1\r\n$1\r\nk\r\n$1\r\na\r\n$1\r\n7\r\n"
        #expect(
            String(decoding: call.encoded(digest: "abc"), as: UTF8.self)
                == "*6\r\n$7\r\nEVALSHA\r\n$3\r\nabc\r\n" + tail)
        #expect(
            String(decoding: call.encodedWhole(), as: UTF8.self) == "*6\r\n$4\r\nEVAL\r\n$9\r\nreturn 42\r\n" + tail)
    }

    @Test func aLongListIsCutIntoPortions() {
        let small = [RedisCommand](repeating: RedisCommand("PING"), count: 2500)
        #expect(Pipeline.portions(of: small).map(\.count) == [1000, 1000, 500])
        let large = [RedisCommand](
            repeating: RedisCommand("ECHO", [UInt8](repeating: 0, count: 600_000)), count: 5)
        #expect(Pipeline.portions(of: large).map(\.count) == [2, 2, 1])
        #expect(Pipeline.portions(of: []).map(\.count) == [])
    }
}
