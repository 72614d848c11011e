import Testing

@testable import RedisClient

@Suite struct RedisURLTests {
    @Test func readsTheFormsThatCeleryUsersWrite() throws {
        let plain = try RedisURL("redis://example.org")
        #expect(plain.endpoint == .tcp(host: "example.org", port: 6379))
        #expect(plain.database == 0)

        let full = try RedisURL("redis://ops:p%40ss@10.0.0.1:6380/3")
        #expect(full.endpoint == .tcp(host: "10.0.0.1", port: 6380))
        #expect(full.user == "ops")
        #expect(full.password == "p@ss")
        #expect(full.database == 3)

        #expect(try RedisURL("redis://:secret@host/1").user == nil)
        #expect(try RedisURL("redis://[::1]:7000/0").endpoint == .tcp(host: "::1", port: 7000))
        let socket = try RedisURL("redis+socket:///run/redis.sock?virtual_host=/2")
        #expect(socket.endpoint == .unix(path: "/run/redis.sock"))
        #expect(socket.database == 2)
    }

    @Test func neverShowsThePassword() throws {
        #expect(try RedisURL("redis://ops:topsecret@host:6379/3").description == "redis://ops:**@host:6379/3")
    }

    @Test(arguments: [
        ("localhost:6379", "unknown"), ("redis:///0", "host is missing"), ("redis://h/three", "must be a number"),
        ("unix://", "path is missing"), ("http://h", "scheme http is unknown"), ("rediss://h", "TLS"),
        ("sentinel://h", "Sentinel"), ("redis://h:4294967296/0", "port must be"), ("redis://h:0/0", "port must be"),
    ])
    func refusesWithAReason(_ text: String, _ reason: String) {
        let error = #expect(throws: RedisError.self) { try RedisURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
}
