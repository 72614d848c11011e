import ArgumentParser
import RedisClient

/// What is asked of the server, the same as in CRedisBenchmark. Each reply is checked: a wrong one is not fast.
enum Operation: String, CaseIterable, ExpressibleByArgument, Sendable {
    case set
    case get
    case evalsha

    /// A reply is not the one that belongs to the command.
    struct WrongReply: Error, CustomStringConvertible {
        let operation: Operation
        let reply: RESPValue

        var description: String { "\(reply.kind) is not the right reply to \(operation)" }
    }

    private static let stringKey = "benchmark:string"
    private static let counterKey = "benchmark:counter"
    private static let value = [UInt8](repeating: UInt8(ascii: "x"), count: 500)
    private static let script = RedisScript(
        name: "benchmark", source: Array("local n = redis.call('INCR', KEYS[1]) return {n, ARGV[1]}".utf8))

    func perform(_ client: RedisClient) async throws {
        let reply: RESPValue
        switch self {
        case .set: reply = try await client.send(RedisCommand("SET", Self.stringKey, Self.value))
        case .get: reply = try await client.send(RedisCommand("GET", Self.stringKey))
        case .evalsha: reply = try await client.run(Self.script, keys: [Self.counterKey], arguments: [Self.value])
        }
        guard isRight(reply) else { throw WrongReply(operation: self, reply: reply) }
    }

    private func isRight(_ reply: RESPValue) -> Bool {
        switch (self, reply) {
        case (.set, .status(let text)): text == "OK"
        case (.get, .bytes(let bytes)): bytes.count == Self.value.count
        case (.evalsha, .array(let elements)):
            if elements.count == 2, case .integer = elements[0], case .bytes(let bytes) = elements[1] {
                bytes.count == Self.value.count
            } else {
                false
            }
        default: false
        }
    }
}
