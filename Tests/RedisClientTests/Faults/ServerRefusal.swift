import Foundation
import RedisClient
import TestSupport
import Testing

/// A state of a real server in which it refuses commands, and the end of that state.
struct ServerRefusal: Sendable, CustomTestStringConvertible {
    /// The first word of the server's error.
    let prefix: String
    /// What the client's error says to do about it.
    let remedy: String
    /// Whether it passes without anybody mending the client.
    var isTransient = true
    var arguments: [String] = []
    /// The command that is refused.
    var command = RedisCommand("SET", "key", "value")
    let begin: @Sendable (RedisServer, RedisClient) async throws -> Void
    let end: @Sendable (RedisServer) async throws -> Void

    var testDescription: String { prefix }

    static let all = [loading, misconfigured, outOfMemory, busy, readOnly, masterDown, noPermission]

    /// The server reads its data slowly, and answers after each kilobyte: after each key.
    private static let loading = ServerRefusal(
        prefix: "LOADING", remedy: "wait",
        arguments: [
            "--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024", "--rdbcompression", "no",
        ],
        begin: { server, client in
            let value = [UInt8](repeating: 0, count: 1024)
            _ = try await client.send((0..<200).map { RedisCommand("SET", "key \($0)", value) })
            try await server.cli("SAVE")
            try server.restartAtOnce()
        },
        end: { try await $0.cli("CONFIG", "SET", "key-load-delay", "0") })

    /// A folder lies where the server wants to save: not even root can save there.
    private static let misconfigured = ServerRefusal(
        prefix: "MISCONF", remedy: "free space", arguments: ["--save", "3600 1"],
        begin: { server, _ in
            try FileManager.default.createDirectory(
                atPath: "\(server.folder)/dump.rdb/full", withIntermediateDirectories: true)
            try await save(server, "err")
        },
        end: { server in
            try FileManager.default.removeItem(atPath: "\(server.folder)/dump.rdb")
            try await save(server, "ok")
        })

    private static func save(_ server: RedisServer, _ outcome: String) async throws {
        try await server.cli("BGSAVE")
        try await eventually("the save ends: \(outcome)") {
            let state = try await server.cli("INFO", "persistence")
            return state.contains("rdb_bgsave_in_progress:0") && state.contains("rdb_last_bgsave_status:\(outcome)")
        }
    }

    private static let outOfMemory = ServerRefusal(
        prefix: "OOM", remedy: "raise it",
        begin: { server, _ in try await server.cli("CONFIG", "SET", "maxmemory", "1") },
        end: { try await $0.cli("CONFIG", "SET", "maxmemory", "0") })

    private static let busy = ServerRefusal(
        prefix: "BUSY", remedy: "SCRIPT KILL", arguments: ["--lua-time-limit", "10"],
        begin: { server, _ in
            let arguments = ["-p", "\(server.port)", "EVAL", "while true do end", "0"]
            let script = try Program.start(tool("redis-cli", package: "redis-tools"), arguments)
            try await eventually("the script runs") { (try? await server.cli("PING")) == nil }
            withExtendedLifetime(script) {}
        },
        end: { server in
            try await server.cli("SCRIPT", "KILL")
            try await eventually("the script is over") { (try? await server.cli("PING")) != nil }
        })

    private static let readOnly = ServerRefusal(
        prefix: "READONLY", remedy: "point the URL at the master",
        begin: { server, _ in try await server.cli("REPLICAOF", "127.0.0.1", "\(try freePort())") },
        end: { try await $0.cli("REPLICAOF", "NO", "ONE") })

    private static let masterDown = ServerRefusal(
        prefix: "MASTERDOWN", remedy: "check replication", arguments: ["--replica-serve-stale-data", "no"],
        command: RedisCommand("GET", "key"),
        begin: { server, _ in try await server.cli("REPLICAOF", "127.0.0.1", "\(try freePort())") },
        end: { try await $0.cli("REPLICAOF", "NO", "ONE") })

    private static let noPermission = ServerRefusal(
        prefix: "NOPERM", remedy: "ACL GETUSER", isTransient: false,
        begin: { server, _ in try await server.cli("ACL", "SETUSER", "default", "-set") },
        end: { try await $0.cli("ACL", "SETUSER", "default", "+set") })
}
