internal import FoundationEssentials

/// Reads the text of a ``RedisURL``.
struct RedisURLParser {
    private var scheme: String
    private var authority: Substring
    private var path: String
    private var query: RedisURLQuery

    init(_ text: String) throws(RedisError) {
        guard let mark = text.firstRange(of: "://") else {
            throw Self.invalid("the scheme is unknown or missing; an example: redis://127.0.0.1:6379/0")
        }
        scheme = text[..<mark.lowerBound].lowercased()
        // Celery's form repeats the scheme for each sentinel, which is no URL any more.
        let rest = text[mark.upperBound...].replacing(";\(scheme)://", with: ";")
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        authority = rest[..<end]
        guard !rest[end...].contains("@") else {
            throw Self.invalid("a user or password that holds / ? # or @ must be percent-encoded (@ is %40, / is %2F)")
        }
        guard let parts = URLComponents(string: "redis://host" + rest[end...]) else {
            throw Self.invalid("its path or options are not written as in a URL")
        }
        path = parts.path
        query = try RedisURLQuery(parts.queryItems?.map { ($0.name, $0.value ?? "") } ?? [])
    }

    func url() throws(RedisError) -> RedisURL {
        var query = query
        let (user, password) = try credentials()
        let endpoint: RedisEndpoint
        var isSecured = false
        switch scheme {
        case "redis": endpoint = .tcp(try address(hosts, defaultPort: 6379))
        case "rediss":
            endpoint = .tcp(try address(hosts, defaultPort: 6379))
            isSecured = true
            guard try query.takeFlag("ssl") ?? true else {
                throw Self.invalid("rediss:// is TLS, which ssl=false denies: write redis://")
            }
        case "redis+socket", "unix":
            guard !path.isEmpty, hosts.isEmpty else {
                throw Self.invalid("the socket's path is missing: \(scheme):///path/to/redis.sock")
            }
            endpoint = .unix(path: path)
        case "sentinel":
            endpoint = .sentinel(try sentinels(&query))
            isSecured = try query.takeFlag("ssl") ?? false
        default:
            throw Self.invalid(
                "the scheme \(scheme) is unknown; use redis://, rediss://, redis+socket://, unix:// or sentinel://")
        }
        let url = RedisURL(
            endpoint: endpoint, user: user, password: password, database: try database(&query),
            tls: isSecured ? try query.takeTLS() : nil, options: try query.takeOptions())
        try query.refuseTheRest(scheme)
        return url
    }

    static func invalid(_ reason: String) -> RedisError {
        RedisError(.invalidURL, "not a usable Redis URL: \(reason)")
    }

    // MARK: - Parts

    /// What stands before the last `@`; of sentinels, before that of the first one.
    private var userInformation: Substring? {
        let first = scheme == "sentinel" ? authority.prefix { $0 != ";" } : authority
        return first.lastIndex(of: "@").map { first[..<$0] }
    }

    /// What stands behind it.
    private var hosts: Substring {
        if scheme == "sentinel" { return authority }
        return authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    }

    private func credentials() throws(RedisError) -> (user: String?, password: String?) {
        guard let userInformation else { return (nil, nil) }
        // A password that holds @ or / must be percent-encoded; the library decodes it.
        guard let parts = URLComponents(string: "redis://\(userInformation)@host") else {
            throw Self.invalid("user or password is not percent-encoded")
        }
        return (parts.user.flatMap(\.nonEmpty), parts.password.flatMap(\.nonEmpty))
    }

    private func address(_ text: Substring, defaultPort: Int) throws(RedisError) -> HostAndPort {
        let host: Substring
        var portText: Substring = ""
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            portText = text[text.index(after: end)...]
            guard portText.isEmpty || portText.hasPrefix(":") else {
                throw Self.invalid("after the address in brackets comes :port")
            }
        } else {
            host = text.prefix { $0 != ":" }
            portText = text[host.endIndex...]
        }
        guard !host.isEmpty else { throw Self.invalid("the host is missing") }
        guard host.utf8.allSatisfy({ (33..<127).contains($0) && $0 != UInt8(ascii: "%") }) else {
            throw Self.invalid("the host name may hold letters, digits, dots and hyphens only")
        }
        guard portText.count > 1 else { return HostAndPort(host: String(host), port: defaultPort) }
        guard let port = Int(portText.dropFirst()), (1...65535).contains(port) else {
            throw Self.invalid("the port must be from 1 to 65535")
        }
        return HostAndPort(host: String(host), port: port)
    }

    private func sentinels(_ query: inout RedisURLQuery) throws(RedisError) -> Sentinels {
        var addresses: [HostAndPort] = []
        for part in hosts.split(whereSeparator: { $0 == ";" || $0 == "," }) {
            // Credentials may stand in front of each, where each sentinel was written as a URL of its own.
            let bare = part.lastIndex(of: "@").map { part[part.index(after: $0)...] } ?? part
            addresses.append(try address(bare, defaultPort: 26379))
        }
        guard !addresses.isEmpty else {
            throw Self.invalid("the sentinels are missing: sentinel://host:26379;host:26379/0?master_name=mymaster")
        }
        guard let master = query.take("master_name"), !master.isEmpty else {
            throw Self.invalid("the option master_name is missing: sentinel://host:26379/0?master_name=mymaster")
        }
        return Sentinels(
            addresses: addresses, master: master, user: query.take("sentinel_username"),
            password: query.take("sentinel_password"))
    }

    private func database(_ query: inout RedisURLQuery) throws(RedisError) -> Int {
        let option = query.take("virtual_host") ?? query.take("db")
        let isSocket = scheme == "redis+socket" || scheme == "unix"
        let text = (option ?? (isSocket ? "" : path)).drop { $0 == "/" }
        guard !text.isEmpty else { return 0 }
        guard let number = Int(text), (0...1_000_000).contains(number) else {
            throw Self.invalid("the database must be a number such as /0")
        }
        return number
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
