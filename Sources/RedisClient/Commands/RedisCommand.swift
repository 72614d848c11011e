/// One command with its arguments, encoded for the wire when it is made.
///
/// Arguments are binary-safe: they are sent with their length, never parsed. Source:
/// <https://redis.io/docs/latest/develop/reference/protocol-spec/#sending-commands-to-a-redis-server>
public struct RedisCommand: Sendable {
    /// The command as RESP, ready to be written.
    let encoded: [UInt8]

    /// A command: `RedisCommand("SET", key, value, "EX", 60)`.
    public init(_ name: StaticString, _ arguments: any RedisArgument...) {
        self.init("\(name)", arguments: arguments)
    }

    /// A command whose arguments are only known as a list.
    public init(_ name: String, arguments: [any RedisArgument]) {
        var encoder = CommandEncoder(count: arguments.count + 1)
        encoder.append(name.utf8)
        for argument in arguments { argument.encode(into: &encoder) }
        encoded = encoder.bytes
    }
}

/// What may be an argument of a command: text, bytes, numbers.
public protocol RedisArgument: Sendable {
    /// Appends itself as exactly one argument.
    func encode(into encoder: inout CommandEncoder)
}

extension String: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(utf8) }
}

extension Substring: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(utf8) }
}

extension Int: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(String(self).utf8) }
}

extension [UInt8]: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(self) }
}

extension ArraySlice<UInt8>: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(self) }
}

/// Writes a command as a RESP array of bulk strings.
public struct CommandEncoder: Sendable {
    private(set) var bytes: [UInt8] = []

    init(count: Int) {
        bytes.reserveCapacity(64 + 32 * count)
        header(UInt8(ascii: "*"), count)
    }

    /// Appends one argument.
    public mutating func append(_ argument: some Collection<UInt8>) {
        header(UInt8(ascii: "$"), argument.count)
        bytes.append(contentsOf: argument)
        lineEnd()
    }

    private mutating func header(_ kind: UInt8, _ count: Int) {
        bytes.append(kind)
        bytes.append(contentsOf: String(count).utf8)
        lineEnd()
    }

    private mutating func lineEnd() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}
