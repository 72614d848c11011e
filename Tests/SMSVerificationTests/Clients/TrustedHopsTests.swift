import Testing

@testable import SMSVerification

/// Headers as proxies write them, and as others would like them to be read.
struct TrustedHopsTests {
    private let proxy = "10.0.0.1"

    private func client(
        _ header: TrustedHops.Header, hops: Int = 1, peer: String = "10.0.0.1", _ values: [String]
    ) throws -> String {
        let range = try #require(AddressRange("10.0.0.0/24"))
        return TrustedHops(count: hops, header: header, proxies: [range])
            .client(peer: try #require(ClientAddress(peer)), values: values).description
    }

    @Test func withoutTrustedHopsHeadersAreNotLookedAt() throws {
        let peer = try #require(ClientAddress(proxy))
        #expect(TrustedHops.none.client(peer: peer, values: ["192.0.2.1"]) == peer)
    }

    @Test(arguments: [
        (1, ["192.0.2.1"], "192.0.2.1"),
        // What the client invented stands further left.
        (1, ["127.0.0.1, 192.0.2.1"], "192.0.2.1"),
        (1, ["127.0.0.1", "192.0.2.1"], "192.0.2.1"),
        (1, ["garbage, , \";, 192.0.2.1"], "192.0.2.1"),
        (2, ["198.51.100.7, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (2, ["192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        (1, ["192.0.2.1:4711"], "192.0.2.1"), (1, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (1, ["[2001:db8::1]"], "2001:db8::1"), (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["\t::ffff:192.0.2.1 "], "192.0.2.1"), (1, ["fe80::1%eth0"], "fe80::1"),
        // What cannot be understood is the proxy's own.
        (2, ["192.0.2.1"], "10.0.0.1"), (1, [], "10.0.0.1"), (1, [""], "10.0.0.1"), (1, ["192.0.2.1,"], "10.0.0.1"),
        (1, ["unknown"], "10.0.0.1"), (1, ["192.0.2.256"], "10.0.0.1"), (1, ["192.0.2.1:port"], "10.0.0.1"),
        (1, ["[192.0.2.1]"], "10.0.0.1"), (1, ["[2001:db8::1"], "10.0.0.1"), (1, ["[2001:db8::1]x"], "10.0.0.1"),
        (1, ["for=192.0.2.1"], "10.0.0.1"), (1, ["192.0.2.1 192.0.2.2"], "10.0.0.1"),
    ])
    func xForwardedForIsCountedFromTheRight(hops: Int, values: [String], client: String) throws {
        #expect(try self.client(.xForwardedFor, hops: hops, values) == client)
    }

    @Test(arguments: [
        (1, ["for=192.0.2.1"], "192.0.2.1"), (1, ["For=192.0.2.1;proto=https;by=10.0.0.1"], "192.0.2.1"),
        (1, ["proto=https ; for=\"192.0.2.1:4711\""], "192.0.2.1"),
        (1, ["for=\"[2001:db8:cafe::17]:4711\""], "2001:db8:cafe::17"),
        (1, ["for=\"[2001:db8:cafe::1\\7]\""], "2001:db8:cafe::17"),
        (1, ["for=127.0.0.1, for=192.0.2.1"], "192.0.2.1"), (1, ["for=127.0.0.1", "for=192.0.2.1"], "192.0.2.1"),
        (1, ["for=\"a,b;for=127.0.0.1\", for=192.0.2.1"], "192.0.2.1"),
        (2, ["for=198.51.100.7, for=192.0.2.1, for=10.0.0.2"], "192.0.2.1"),
        // What cannot be understood is the proxy's own.
        (1, ["for=unknown"], "10.0.0.1"), (1, ["for=_hidden"], "10.0.0.1"), (1, ["proto=https"], "10.0.0.1"),
        (1, ["for=192.0.2.1;for=127.0.0.1"], "10.0.0.1"), (1, ["for=\"192.0.2.1"], "10.0.0.1"),
        (1, ["for=\"x, for=192.0.2.1"], "10.0.0.1"), (1, ["for=\"192.0.2.1\\\""], "10.0.0.1"),
        (1, ["for = 192.0.2.1"], "10.0.0.1"), (1, ["192.0.2.1"], "10.0.0.1"), (2, ["for=192.0.2.1"], "10.0.0.1"),
        (1, [], "10.0.0.1"), (1, ["for="], "10.0.0.1"), (1, ["for=\""], "10.0.0.1"),
    ])
    func forwardedIsCountedFromTheRight(hops: Int, values: [String], client: String) throws {
        #expect(try self.client(.forwarded, hops: hops, values) == client)
    }

    @Test(arguments: TrustedHops.Header.allCases)
    func aHeaderFromElsewhereIsIgnored(header: TrustedHops.Header) throws {
        let value = header == .forwarded ? "for=192.0.2.1" : "192.0.2.1"
        #expect(try client(header, peer: "203.0.113.9", [value]) == "203.0.113.9")
        #expect(try client(header, peer: "::ffff:10.0.0.9", [value]) == "192.0.2.1", "a proxy of ours")
    }
}
