import Synchronization

/// A Lua script that runs inside Redis as one atomic step.
///
/// It is sent by its digest (`EVALSHA`) once a server has told it, and whole (`EVAL`) to a server that does not know
/// it: after a restart, a failover or `SCRIPT FLUSH`. Source: <https://redis.io/docs/latest/commands/evalsha/>
public final class RedisScript: Sendable {
    /// What it is called in logs and errors.
    public let name: String
    /// The Lua text.
    public let source: [UInt8]
    private let knownDigest = Locked<String?>(nil)

    /// Makes a script of its Lua text.
    public init(name: String, source: [UInt8]) {
        self.name = name
        self.source = source
    }

    /// The SHA-1 digest that a server computed, nil before the script was first run.
    var digest: String? {
        get { knownDigest.withLock { $0 } }
        set { knownDigest.withLock { $0 = newValue } }
    }
}

/// A script with its keys and arguments.
struct ScriptCall: Sendable {
    let script: RedisScript
    /// The number of keys, the keys and the arguments, as bulk strings.
    private let encodedTail: [UInt8]
    private let tailCount: Int

    init(_ script: RedisScript, keys: [String], arguments: [any RedisArgument]) {
        self.script = script
        tailCount = 1 + keys.count + arguments.count
        var size = CommandEncoder.bulkSize(keys.count)
        for key in keys { size += CommandEncoder.bulkSize(key) }
        for argument in arguments { size += CommandEncoder.bulkSize(argument) }
        encodedTail = CommandEncoder.bytes(size) { encoder in
            encoder.bulk(keys.count)
            for key in keys { encoder.bulk(key) }
            for argument in arguments { encoder.bulk(argument) }
        }
    }

    /// About how many bytes the call takes by digest.
    var roughSize: Int { encodedTail.count + 64 }

    /// As `EVALSHA`, for a server that knows the script.
    func encoded(digest: String) -> [UInt8] { encoded("EVALSHA", digest) }

    /// As `EVAL`, for a server that does not; from then on it does.
    func encodedWhole() -> [UInt8] { encoded("EVAL", script.source) }

    private func encoded(_ name: StaticString, _ script: some RedisArgument) -> [UInt8] {
        let count = 2 + tailCount
        let size =
            CommandEncoder.arraySize(count) + CommandEncoder.bulkSize(name) + CommandEncoder.bulkSize(script)
            + encodedTail.count
        return CommandEncoder.bytes(size) { encoder in
            encoder.array(count)
            encoder.bulk(name)
            encoder.bulk(script)
            encoder.copy(encodedTail)
        }
    }
}
