/// One command with its arguments, encoded for the wire when it is made.
///
/// Arguments are binary-safe: they are sent with their length, never parsed. Source:
/// <https://redis.io/docs/latest/develop/reference/protocol-spec/#sending-commands-to-a-redis-server>
public struct RedisCommand: Sendable {
    enum Content: Sendable {
        /// A command as RESP, ready to be written.
        case encoded([UInt8])
        /// A script's call, written by digest or whole.
        case script(ScriptCall)
    }

    let content: Content

    /// A command: `RedisCommand("SET", key, value, "EX", 60)`.
    public init(_ name: StaticString, _ arguments: any RedisArgument...) {
        var encoder = CommandEncoder(count: arguments.count + 1, lengthHint: name.utf8CodeUnitCount, arguments)
        name.withUTF8Buffer { encoder.append($0) }
        for argument in arguments { argument.encode(into: &encoder) }
        content = .encoded(encoder.bytes)
    }

    /// A command whose arguments are only known as a list.
    public init(_ name: String, arguments: [any RedisArgument]) {
        var encoder = CommandEncoder(count: arguments.count + 1, lengthHint: name.utf8.count, arguments)
        encoder.append(name.utf8)
        for argument in arguments { argument.encode(into: &encoder) }
        content = .encoded(encoder.bytes)
    }

    /// The call of a script, for a pipeline: see ``RedisScript``.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - keys: What the script sees as `KEYS`.
    ///   - arguments: What the script sees as `ARGV`.
    public static func run(
        _ script: RedisScript, keys: [String], arguments: [any RedisArgument] = []
    ) -> RedisCommand {
        RedisCommand(script: ScriptCall(script, keys: keys, arguments: arguments))
    }

    private init(script: ScriptCall) {
        content = .script(script)
    }
}

/// What may be an argument of a command: text, bytes, numbers.
public protocol RedisArgument: Sendable {
    /// About how many bytes it takes: enough room is made at once when this is not too small.
    var lengthHint: Int { get }
    /// Appends itself as exactly one argument.
    func encode(into encoder: inout CommandEncoder)
}

extension RedisArgument {
    public var lengthHint: Int { 20 }
}

extension String: RedisArgument {
    public var lengthHint: Int { utf8.count }
    public func encode(into encoder: inout CommandEncoder) { encoder.append(utf8) }
}

extension Substring: RedisArgument {
    public var lengthHint: Int { utf8.count }
    public func encode(into encoder: inout CommandEncoder) { encoder.append(utf8) }
}

extension Int: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(String(self).utf8) }
}

extension Double: RedisArgument {
    public func encode(into encoder: inout CommandEncoder) { encoder.append(description.utf8) }
}

extension [UInt8]: RedisArgument {
    public var lengthHint: Int { count }
    public func encode(into encoder: inout CommandEncoder) { encoder.append(self) }
}

extension ArraySlice<UInt8>: RedisArgument {
    public var lengthHint: Int { count }
    public func encode(into encoder: inout CommandEncoder) { encoder.append(self) }
}
