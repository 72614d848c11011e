import Synchronization

/// A Lua script that runs inside Redis as one atomic step.
///
/// It is sent by its digest (`EVALSHA`) once the server has told it, and whole (`EVAL`) to a server that does not know
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

    /// The SHA-1 digest that the server computed, nil before the script was first run.
    var digest: String? {
        get { knownDigest.withLock { $0 } }
        set { knownDigest.withLock { $0 = newValue } }
    }
}
