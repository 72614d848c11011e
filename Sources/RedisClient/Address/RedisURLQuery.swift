/// The options of a ``RedisURL``, taken one by one; what nobody has taken in the end is a mistake.
struct RedisURLQuery {
    /// Celery and its Redis library know these; here they have nothing to set.
    private static let withoutEffect: Set<String> = [
        "decode_responses", "encoding", "max_connections", "queue_order_strategy", "retry_on_timeout",
        "socket_keepalive", "timeout", "visibility_timeout",
    ]
    private static let known = [
        "client_name", "db", "health_check_interval", "master_name", "protocol", "sentinel_password",
        "sentinel_username", "socket_connect_timeout", "socket_timeout", "ssl", "ssl_ca_certs", "ssl_cert_reqs",
        "ssl_certfile", "ssl_check_hostname", "ssl_keyfile", "virtual_host",
    ]

    private var values: [String: String] = [:]

    init(_ items: [(name: String, value: String)]) throws(RedisError) {
        for item in items {
            guard values.updateValue(item.value, forKey: item.name) == nil else {
                throw RedisURLParser.invalid("the option \(item.name) is there twice")
            }
        }
    }

    /// The value of an option, which counts as understood from now on.
    mutating func take(_ name: String) -> String? {
        values.removeValue(forKey: name)
    }

    /// An option that is true or false.
    mutating func takeFlag(_ name: String) throws(RedisError) -> Bool? {
        guard let text = take(name) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "1", "on": return true
        case "false", "no", "0", "off": return false
        default: throw RedisURLParser.invalid("the option \(name) is true or false, not \(text)")
        }
    }

    /// An option that is a time in seconds.
    mutating func takeSeconds(_ name: String) throws(RedisError) -> Duration? {
        guard let text = take(name) else { return nil }
        guard let seconds = Double(text), (0.001...86_400).contains(seconds) else {
            throw RedisURLParser.invalid("the option \(name) is a number of seconds above 0, not \(text)")
        }
        return .seconds(seconds)
    }

    mutating func takeTLS() throws(RedisError) -> TLSSettings {
        var settings = TLSSettings(
            authorityFile: take("ssl_ca_certs"), certificateFile: take("ssl_certfile"), keyFile: take("ssl_keyfile"))
        if settings.certificateFile != nil, settings.keyFile == nil {
            throw RedisURLParser.invalid("ssl_certfile needs ssl_keyfile, the path of its private key")
        }
        if settings.keyFile != nil, settings.certificateFile == nil {
            throw RedisURLParser.invalid("ssl_keyfile needs ssl_certfile, the path of the certificate")
        }
        if try takeFlag("ssl_check_hostname") == false { settings.verification = .authorityOnly }
        switch take("ssl_cert_reqs")?.lowercased() {
        case nil, "required", "cert_required": break
        case "none", "cert_none": settings.verification = .none
        case let other?: throw RedisURLParser.invalid("ssl_cert_reqs is required or none, not \(other)")
        }
        return settings
    }

    mutating func takeOptions() throws(RedisError) -> RedisURL.Options {
        var options = RedisURL.Options()
        options.clientName = take("client_name")
        options.connectTimeout = try takeSeconds("socket_connect_timeout")
        options.commandTimeout = try takeSeconds("socket_timeout")
        options.healthCheckInterval = try takeSeconds("health_check_interval")
        switch take("protocol") {
        case nil: break
        case "2": options.protocolVersion = .resp2
        case "3": options.protocolVersion = .resp3
        case let other?: throw RedisURLParser.invalid("the option protocol is 2 or 3, not \(other)")
        }
        return options
    }

    /// A misspelt option must not be silently without effect.
    func refuseTheRest(_ scheme: String) throws(RedisError) {
        guard let name = values.keys.filter({ !Self.withoutEffect.contains($0) }).min() else { return }
        let remedy =
            switch scheme {
            case "redis" where name.hasPrefix("ssl"): "; write rediss:// for TLS"
            case "sentinel" where name.hasPrefix("ssl"): " without ssl=true"
            default: ""
            }
        let reason =
            Self.known.contains(name)
            ? "the option \(name) does not go with \(scheme)://\(remedy)"
            : "the option \(name) is unknown; known are \(Self.known.joined(separator: ", "))"
        throw RedisURLParser.invalid(reason)
    }
}
