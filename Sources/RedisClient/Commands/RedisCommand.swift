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
        self.init(encoding: name, arguments)
    }

    /// A command whose arguments are only known as a list.
    public init(_ name: String, arguments: [any RedisArgument]) {
        self.init(encoding: name, arguments)
    }

    private init(encoding name: some RedisArgument, _ arguments: [any RedisArgument]) {
        let count = arguments.count + 1
        var size = CommandEncoder.arraySize(count) + CommandEncoder.bulkSize(name)
        for argument in arguments { size += CommandEncoder.bulkSize(argument) }
        content = .encoded(
            CommandEncoder.bytes(size) { encoder in
                encoder.array(count)
                encoder.bulk(name)
                for argument in arguments { encoder.bulk(argument) }
            })
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
