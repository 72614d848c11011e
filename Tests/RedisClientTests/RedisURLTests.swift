import Testing

@testable import RedisClient

@Suite struct RedisURLTests {
    @Test func readsTheFormsThatCeleryUsersWrite() throws {
        let plain = try RedisURL("redis://example.org")
        #expect(plain.endpoint == .tcp(HostAndPort(host: "example.org", port: 6379)))
        #expect(plain.database == 0)

        let full = try RedisURL("redis://ops:p%40ss@10.0.0.1:6380/3")
        #expect(full.endpoint == .tcp(HostAndPort(host: "10.0.0.1", port: 6380)))
        #expect(full.user == "ops")
        #expect(full.password == "p@ss")
        #expect(full.database == 3)

        #expect(try RedisURL("redis://:secret@host/1").user == nil)
        #expect(try RedisURL("redis://[::1]:7000/0").endpoint == .tcp(HostAndPort(host: "::1", port: 7000)))
        let socket = try RedisURL("redis+socket:///run/redis.sock?virtual_host=/2")
        #expect(socket.endpoint == .unix(path: "/run/redis.sock"))
        #expect(socket.database == 2)
    }

    @Test func neverShowsThePassword() throws {
        #expect(try RedisURL("redis://ops:topsecret@host:6379/3").description == "redis://ops:**@host:6379/3")
    }

    @Test(arguments: [
        ("localhost:6379", "unknown"), ("redis:///0", "host is missing"), ("redis://h/three", "must be a number"),
        ("unix://", "path is missing"), ("http://h", "scheme http is unknown"),
        ("redis://h:4294967296/0", "port must be"), ("redis://h:0/0", "port must be"), ("rediss://", "host is missing"),
        ("redis://h/0?ssl_cacerts=/a", "option ssl_cacerts is unknown"),
        ("redis://h/0?ssl_ca_certs=/a", "does not go with redis://"), ("redis://h?db=1&db=2", "there twice"),
        ("redis://h?socket_timeout=soon", "number of seconds"), ("redis://h?protocol=4", "2 or 3"),
        ("rediss://h?ssl_cert_reqs=maybe", "required or none"), ("rediss://h?ssl_certfile=/a", "needs ssl_keyfile"),
        ("rediss://h?ssl_keyfile=/a", "needs ssl_certfile"), ("rediss://h?ssl_check_hostname=2", "true or false"),
        ("sentinel://h", "master_name is missing"), ("sentinel:///0?master_name=m", "sentinels are missing"),
        ("sentinel://a:1;b:x/0?master_name=m", "port must be"), ("redis://[::1]6379/0", "comes :port"),
        ("redis://a b/0", "host name may hold"),
    ])
    func refusesWithAReason(_ text: String, _ reason: String) {
        let error = #expect(throws: RedisError.self) { try RedisURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func readsTLSWithTheOptionsOfCelery() throws {
        let plain = try RedisURL("rediss://example.org:6380/1")
        #expect(plain.endpoint == .tcp(HostAndPort(host: "example.org", port: 6380)))
        #expect(plain.tls == TLSSettings())
        #expect(try RedisURL("redis://example.org").tls == nil)
        let full = try RedisURL(
            "rediss://:pw@h/0?ssl_ca_certs=/ca.pem&ssl_certfile=/c.pem&ssl_keyfile=/k.pem&ssl_check_hostname=false")
        #expect(
            full.tls
                == TLSSettings(
                    authorityFile: "/ca.pem", certificateFile: "/c.pem", keyFile: "/k.pem",
                    verification: .authorityOnly))
        #expect(try RedisURL("rediss://h?ssl_cert_reqs=CERT_NONE").tls?.verification == TLSSettings.Verification.none)
        #expect(try RedisURL("rediss://h?ssl_cert_reqs=required").tls?.verification == .full)
        #expect(full.description == "rediss://:**@h:6379/0")
    }

    @Test(arguments: [
        "sentinel://:pw@a:1;b:2;[::1]:3/4?master_name=m&sentinel_password=s",
        "sentinel://:pw@a:1;sentinel://:pw@b:2;sentinel://:pw@[::1]:3/4?master_name=m&sentinel_password=s",
    ])
    func readsSentinels(_ text: String) throws {
        let url = try RedisURL(text)
        let addresses = [("a", 1), ("b", 2), ("::1", 3)].map { HostAndPort(host: $0.0, port: $0.1) }
        #expect(url.endpoint == .sentinel(Sentinels(addresses: addresses, master: "m", user: nil, password: "s")))
        #expect(url.password == "pw")
        #expect(url.database == 4)
        #expect(url.description == "sentinel://:**@a:1;b:2;[::1]:3/4?master_name=m")
    }

    @Test func takesOptionsIntoTheConfiguration() throws {
        let url = try RedisURL(
            "redis://h?client_name=me&socket_timeout=1.5&socket_connect_timeout=3&health_check_interval=30&protocol=3"
                + "&retry_on_timeout=true")
        let configuration = RedisConfiguration(url: url)
        #expect(configuration.clientName == "me")
        #expect(configuration.commandTimeout == .seconds(1.5))
        #expect(configuration.connectTimeout == .seconds(3))
        #expect(configuration.healthCheckInterval == .seconds(30))
        #expect(configuration.protocolVersion == .resp3)
        #expect(RedisConfiguration(url: try RedisURL("redis://h")).commandTimeout == .seconds(5))
    }

    @Test func aMissingFileIsNamed() throws {
        let url = try RedisURL("rediss://h?ssl_ca_certs=/nowhere/ca.pem")
        let error = #expect(throws: RedisError.self) { try url.tls?.checkFiles() }
        #expect(error?.message.contains("ssl_ca_certs=/nowhere/ca.pem cannot be read") == true)
    }

    @Test(arguments: ["/", "?", "#", "/?", "#x@", ":/", "?a=b&c"])
    func noErrorHoldsAnyPartOfAPassword(_ special: String) {
        let password = "sEcReT\(special)TaIl"
        for text in [
            "redis://ops:\(password)@h:6379/0", "redis://ops:\(password)", "rediss://:\(password)@h/x?y=\(password)",
        ] {
            do {
                let url = try RedisURL(text)
                #expect(!url.description.contains("sEcReT") && !url.description.contains("TaIl"), "\(url)")
            } catch {
                #expect(!error.message.contains("sEcReT") && !error.message.contains("TaIl"), "\(error)")
            }
        }
    }

    @Test(arguments: [
        ("ssl_ca_certs=%", "holds no PEM certificate"),
        ("ssl_certfile=%&ssl_keyfile=%", "ssl_certfile=/proc/version holds no PEM certificate"),
    ])
    func aFileThatHoldsSomethingElseIsNamed(_ options: String, _ reason: String) throws {
        let url = try RedisURL("rediss://h?" + options.replacing("%", with: "/proc/version"))
        let error = #expect(throws: RedisError.self) { try url.tls?.checkFiles() }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func whatGoesWithTLSOnlySaysHow() {
        let plain = #expect(throws: RedisError.self) { try RedisURL("redis://h?ssl_ca_certs=/a") }
        #expect(plain?.message.contains("write rediss://") == true)
        let sentinel = #expect(throws: RedisError.self) { try RedisURL("sentinel://h?master_name=m&ssl_ca_certs=/a") }
        #expect(sentinel?.message.contains("without ssl=true") == true)
        #expect(throws: Never.self) { try RedisURL("rediss://h?ssl=true") }
    }
}
