/// Where a server listens.
public enum RedisEndpoint: Sendable, Hashable {
    /// A host name or address, and a port.
    case tcp(HostAndPort)
    /// A Unix domain socket's path.
    case unix(path: String)
    /// Sentinels, which know where the master of that name is.
    case sentinel(Sentinels)
}

/// A host name or address, and a port.
public struct HostAndPort: Sendable, Hashable, CustomStringConvertible {
    /// The name, IPv4 or IPv6 address (without brackets).
    public var host: String
    /// The TCP port.
    public var port: Int

    /// Makes a pair.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// The sentinels that watch over a master. Source: <https://redis.io/docs/latest/develop/reference/sentinel-clients/>
public struct Sentinels: Sendable, Hashable {
    /// Where they listen, in the order in which they are asked.
    public var addresses: [HostAndPort]
    /// The name under which they know the master.
    public var master: String
    /// The ACL user of the sentinels themselves; nil for the default user.
    public var user: String?
    /// The password of the sentinels themselves; nil for none.
    public var password: String?

    /// Makes a group of sentinels.
    public init(addresses: [HostAndPort], master: String, user: String? = nil, password: String? = nil) {
        self.addresses = addresses
        self.master = master
        self.user = user
        self.password = password
    }
}

/// A Redis URL as Celery users write it.
///
/// - `redis://[user:password@]host[:port][/database]` (port 6379 and database 0 by default)
/// - `rediss://…`, the same over TLS
/// - `redis+socket:///path/to/socket?virtual_host=database`, `unix:///path/to/socket?db=database`
/// - `sentinel://[user:password@]host:port;host:port/database?master_name=name` (port 26379 by default)
///
/// Options, as `?name=value&name=value`:
///
/// | option | meaning |
/// | --- | --- |
/// | `ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile` | paths of PEM files: authorities, own certificate, its key |
/// | `ssl_cert_reqs` | `required` (default) or `none` |
/// | `ssl_check_hostname` | `true` (default) or `false` |
/// | `master_name`, `sentinel_username`, `sentinel_password` | of `sentinel://`; user and password of the sentinels |
/// | `ssl` | `true`: TLS to the sentinels and the master of `sentinel://` |
/// | `client_name` | what `CLIENT LIST` shows |
/// | `socket_connect_timeout`, `socket_timeout`, `health_check_interval` | seconds, see ``RedisConfiguration`` |
/// | `protocol` | 2 (default) or 3 |
///
/// Source: <https://www.iana.org/assignments/uri-schemes/prov/redis> and
/// <https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html>
public struct RedisURL: Sendable, Hashable, CustomStringConvertible {
    /// Where the server listens.
    public var endpoint: RedisEndpoint
    /// The ACL user; nil for the default user.
    public var user: String?
    /// The password; nil for none.
    public var password: String?
    /// The database number.
    public var database: Int
    /// How TLS is done; nil for none.
    public var tls: TLSSettings?
    /// What the URL says of time-outs and names.
    public var options: Options

    /// What a URL may set of a ``RedisConfiguration``; nil where it does not.
    public struct Options: Sendable, Hashable {
        /// The name shown by `CLIENT LIST`.
        public var clientName: String?
        /// How long connecting may take.
        public var connectTimeout: Duration?
        /// How long a command may take.
        public var commandTimeout: Duration?
        /// After how long without a sign of life an idle connection is checked.
        public var healthCheckInterval: Duration?
        /// The version of the protocol.
        public var protocolVersion: RedisProtocolVersion?
    }

    /// Reads a URL.
    ///
    /// - Throws: ``RedisError/Code/invalidURL``, which names what is wrong and never holds a password.
    public init(_ text: String) throws(RedisError) {
        self = try RedisURLParser(text).url()
    }

    init(
        endpoint: RedisEndpoint, user: String?, password: String?, database: Int, tls: TLSSettings?, options: Options
    ) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
        self.options = options
    }

    /// A server of this machine at the usual port, and its first database.
    package static let ofThisMachine = RedisURL(
        endpoint: .tcp(HostAndPort(host: "127.0.0.1", port: 6379)), user: nil, password: nil, database: 0, tls: nil,
        options: Options())

    /// Whether both lead to the same server as the same user, so that a script which one connection runs may do, in the
    /// other's database, what that one may do.
    public func isSameServer(as other: RedisURL) -> Bool {
        endpoint == other.endpoint && user == other.user && password == other.password && tls == other.tls
    }

    /// The URL with the password as `**` and without options, as Celery's logs show it.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):**@"
        switch endpoint {
        case .tcp(let address): return "redis\(tls == nil ? "" : "s")://\(credentials)\(address)/\(database)"
        case .unix(let path): return "redis+socket://\(credentials)\(path)?virtual_host=\(database)"
        case .sentinel(let sentinels):
            let addresses = sentinels.addresses.map(\.description).joined(separator: ";")
            let secured = tls == nil ? "" : "&ssl=true"
            return "sentinel://\(credentials)\(addresses)/\(database)?master_name=\(sentinels.master)\(secured)"
        }
    }
}
