import Foundation
import TestSupport
import Testing

@testable import SMSVerification

struct ClientAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1/32"), ("0.0.0.0", "0.0.0.0/32"), ("255.255.255.255", "255.255.255.255/32"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"), ("::FFFF:C000:0201", "192.0.2.1/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:DB8:1:2::6", "2001:db8:1:2::/64"),
        ("2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("::1", "::/64"), ("::", "::/64"), ("1::", "1::/64"),
        ("0:0:1:0::", "0:0:1::/64"), ("64:ff9b::192.0.2.1", "64:ff9b::/64"),
    ])
    func limitsHoldAnAddressOrANetworkResponsible(text: String, subject: String) {
        #expect(ClientAddress(text)?.subject == subject)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", "1.2.3.4%eth0", "１.2.3.4", ":",
        ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::",
        "+1::", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", "1:", ":1", "fe80::1%", "[::1]", "::1/64", "localhost",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(ClientAddress(text) == nil)
    }

    /// Texts of the characters of addresses, put together at random: the C library reads the same ones, and the same.
    @Test func theCLibraryReadsTheSame() {
        var random = SeededGenerator(seed: 4)
        let pieces = ["::", ":", "1", "0", "ab", "ffff", "1.2.3.4", "0", ":", ":", "25", ".", "12345", "192.0.2.33"]
        var addresses = 0
        for _ in 0..<50_000 {
            let text = (0..<Int.random(in: 1...16, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            #expect(
                ClientAddress(text)?.description == cLibrary(text).flatMap { ClientAddress($0)?.description }, "\(text)"
            )
            #expect((ClientAddress(text) == nil) == (cLibrary(text) == nil), "\(text)")
            if let address = ClientAddress(text) {
                addresses += 1
                #expect(ClientAddress(address.description) == address)
            }
        }
        #expect(addresses > 1000)
    }

    /// The address as `inet_ntop` writes it, if `inet_pton` reads it.
    private func cLibrary(_ text: String) -> String? {
        for family in [AF_INET, AF_INET6] {
            var bytes = [UInt8](repeating: 0, count: 16)
            guard inet_pton(family, text, &bytes) == 1 else { continue }
            var written = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(family, bytes, &written, socklen_t(written.count)) != nil else { continue }
            return String(decoding: written.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return nil
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("192.0.2.128/25", "192.0.2.129", true), ("192.0.2.128/25", "192.0.2.127", false),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::1/128", "::1", true),
    ])
    func aRangeContainsWhatBeginsAsIt(range: String, address: String, isContained: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(ClientAddress(address))) == isContained)
    }

    @Test(arguments: ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "10.0.0.0/8/8"])
    func whatIsNoRangeIsRefused(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
