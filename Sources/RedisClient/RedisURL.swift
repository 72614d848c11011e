internal import FoundationEssentials

/// Where a server listens.
public enum RedisEndpoint: Sendable, Hashable {
    /// A host name or address, and a port.
    case tcp(host: String, port: Int)
    /// A Unix domain socket's path.
    case unix(path: String)
}

/// A Redis URL as Celery users write it.
///
/// - `redis://[user:password@]host[:port][/database]` (port 6379 and database 0 by default)
/// - `redis+socket:///path/to/socket?virtual_host=database`, `unix:///path/to/socket?db=database`
///
/// Source: <https://www.iana.org/assignments/uri-schemes/prov/redis>
public struct RedisURL: Sendable, Hashable, CustomStringConvertible {
    /// Where the server listens.
    public var endpoint: RedisEndpoint
    /// The ACL user; nil for the default user.
    public var user: String?
    /// The password; nil for none.
    public var password: String?
    /// The database number.
    public var database: Int

    /// Reads a URL.
    ///
    /// - Throws: ``RedisError/Code/invalidURL``, which names what is wrong and never holds the password.
    public init(_ text: String) throws(RedisError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
            throw Self.invalid("it is not a URL; an example: redis://127.0.0.1:6379/0")
        }
        switch scheme {
        case "redis":
            guard let host = parts.host, !host.isEmpty else { throw Self.invalid("the host is missing") }
            let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            let port = parts.port ?? 6379
            guard (1...65535).contains(port) else {
                throw Self.invalid("the port must be from 1 to 65535, not \(port)")
            }
            endpoint = .tcp(host: bare, port: port)
            database = try Self.database(parts.path.drop { $0 == "/" })
        case "redis+socket", "unix":
            guard !parts.path.isEmpty, parts.host ?? "" == "" else {
                throw Self.invalid("the socket's path is missing: \(scheme):///path/to/redis.sock")
            }
            endpoint = .unix(path: parts.path)
            let query = parts.queryItems ?? []
            let number = query.last { $0.name == "virtual_host" || $0.name == "db" }?.value ?? ""
            database = try Self.database(number.drop { $0 == "/" })
        case "rediss":
            throw Self.invalid("TLS (rediss://) is not supported by this version; use a tunnel such as stunnel")
        case "sentinel":
            throw Self.invalid("Sentinel is not supported by this version; name the master: redis://host:port")
        default:
            throw Self.invalid("the scheme \(scheme) is unknown; use redis://, redis+socket:// or unix://")
        }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The URL with the password as `**`, as Celery's logs show it.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):**@"
        switch endpoint {
        case .tcp(let host, let port):
            let shown = host.contains(":") ? "[\(host)]" : host
            return "redis://\(credentials)\(shown):\(port)/\(database)"
        case .unix(let path):
            return "redis+socket://\(credentials)\(path)?virtual_host=\(database)"
        }
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard !text.isEmpty else { return 0 }
        guard let number = Int(text), (0...1_000_000).contains(number) else {
            throw invalid("the database must be a number such as /0, not /\(text)")
        }
        return number
    }

    private static func invalid(_ reason: String) -> RedisError {
        RedisError(.invalidURL, "not a usable Redis URL: \(reason)")
    }
}
