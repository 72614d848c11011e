import Foundation

/// A master, two replicas and three sentinels, all real, on 127.0.0.1.
///
/// They notice a dead master after a second. All end with the last reference to this object, and with the test process.
public final class SentinelGroup: Sendable {
    /// The name that the sentinels know the master by.
    public let name = "mymaster"
    /// The three servers; the first one is the master at first.
    public let servers: [RedisServer]
    /// The three sentinels.
    public let sentinels: [RedisSentinel]

    /// Starts all and waits until all know each other.
    ///
    /// - Parameters:
    ///   - password: What clients must authenticate with at the servers.
    ///   - sentinelPassword: What clients must authenticate with at the sentinels.
    public static func start(password: String? = nil, sentinelPassword: String? = nil) async throws -> SentinelGroup {
        let master = try await server(password, [])
        let replica = ["--replicaof", "127.0.0.1", "\(master.port)"]
        let servers = [master, try await server(password, replica), try await server(password, replica)]
        try await wait("the replicas are in step") {
            let lines = try await master.cli("INFO", "replication").split(whereSeparator: \.isNewline)
            return lines.count { $0.contains("state=online") } == 2
        }
        var sentinels: [RedisSentinel] = []
        for _ in 0..<3 {
            sentinels.append(
                try await RedisSentinel.start(name: "mymaster", master: master, password: sentinelPassword))
        }
        let group = SentinelGroup(servers: servers, sentinels: sentinels)
        for sentinel in sentinels {
            try await wait("a sentinel knows all others") {
                let master = try await sentinel.cli("SENTINEL", "MASTER", group.name)
                let replicas = try await sentinel.cli("SENTINEL", "REPLICAS", group.name)
                return master.contains("flags\nmaster\n") && master.contains("num-other-sentinels\n2\n")
                    && replicas.ranges(of: "master-link-status\nok\n").count == 2
            }
        }
        return group
    }

    private init(servers: [RedisServer], sentinels: [RedisSentinel]) {
        self.servers = servers
        self.sentinels = sentinels
    }

    /// `sentinel://…` for a database of the master.
    public func url(database: Int = 0) -> String {
        let hosts = sentinels.map { "127.0.0.1:\($0.port)" }.joined(separator: ";")
        let password = sentinels[0].password.map { "&sentinel_password=\($0)" } ?? ""
        return "sentinel://\(servers[0].credentials)\(hosts)/\(database)?master_name=\(name)\(password)"
    }

    /// The server that the sentinels call the master now.
    public func master() async throws -> RedisServer {
        guard let sentinel = sentinels.first(where: \.isRunning) else { throw TestError("no sentinel is left") }
        let address = try await sentinel.cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
        guard let master = servers.first(where: { address.hasSuffix("\n\($0.port)") }) else {
            throw TestError("the sentinels name a master that is none of the servers: \(address)")
        }
        return master
    }

    private static func server(_ password: String?, _ arguments: [String]) async throws -> RedisServer {
        // A new replica is served at once, not after the five seconds in which others might come.
        try await RedisServer.start(
            password: password,
            arguments: ["--repl-diskless-sync-delay", "0"] + (password.map { ["--masterauth", $0] } ?? []) + arguments)
    }

    private static func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
        guard try await poll(timeout: .seconds(30), condition) else { throw TestError("not within 30 s: \(what)") }
    }
}
