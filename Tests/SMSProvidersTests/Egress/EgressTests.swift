import NIOCore
import Testing

@testable import SMSProviders

@Suite("Where a webhook may not lead") struct EgressTests {
    @Test(
        "is the inside of a network",
        arguments: [
            "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1",
            "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.0.1", "198.18.0.1",
            "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fc00::1", "fd00:ec2::254",
            "fe80::1", "febf::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe",
        ])
    func inside(address: String) throws {
        #expect(InternalAddress.contains(try SocketAddress(ipAddress: address, port: 443)))
        #expect(HostName.isInternalAddress(address))
    }

    @Test(
        "is not the rest of the world",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700:4700::1111", "fbff::1", "fe00::1", "::2",
            "::ffff:1.1.1.1", "64:ff9b::101:101",
        ])
    func outside(address: String) throws {
        #expect(!InternalAddress.contains(try SocketAddress(ipAddress: address, port: 443)))
        #expect(!HostName.isInternalAddress(address))
    }

    @Test("is decided by what the name leads to; this machine by its own name needs no look")
    func check() async throws {
        #expect(EgressCheck(url: "http://127.0.0.1:8090/webhook") == nil)
        #expect(EgressCheck(url: "http://localhost:8090/webhook") == nil)
        for (host, isAllowed) in [
            ("10.0.0.1", false), ("[fe80::1]", false), ("1.1.1.1", true), ("no-such-name.invalid", true),
        ] {
            let check = try #require(EgressCheck(url: "https://\(host)/send"))
            #expect(await check.allows() == isAllowed, "\(host)")
        }
    }
}
