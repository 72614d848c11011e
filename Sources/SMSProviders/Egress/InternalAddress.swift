internal import NIOCore

/// The addresses of a network's inside: this machine, private networks, link-local ones with the metadata services of
/// clouds, shared address space, and what is no address of a host at all.
///
/// Source: the special-purpose registries of IANA (RFC 6890).
enum InternalAddress {
    private static let networks: [(bytes: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 168], 16), ([198, 18], 15), ([224], 4), ([240], 4),
    ]
    private static let networks6: [(bytes: [UInt8], bits: Int)] = [([0xFC], 7), ([0xFE, 0x80], 9), ([0xFF], 8)]
    /// Behind these stands an address of version 4: mapped ones, and those of translators (NAT64).
    private static let prefixes: [[UInt8]] = [
        Array(repeating: 0, count: 10) + [0xFF, 0xFF], [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8),
    ]

    /// Whether the address is one of them.
    static func contains(_ address: SocketAddress) -> Bool {
        // Where the number stands in the system's structures `sockaddr_in` and `sockaddr_in6`.
        switch address {
        case .v4: contains(bytes(of: address, 4..<8))
        case .v6: contains(bytes(of: address, 8..<24))
        case .unixDomainSocket: true
        }
    }

    private static func bytes(of address: SocketAddress, _ range: Range<Int>) -> [UInt8] {
        address.withSockAddr { start, size in
            Array(UnsafeRawBufferPointer(start: start, count: size)[range])
        }
    }

    private static func contains(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 16 else { return networks.contains { isInside(bytes, $0) } }
        if let prefix = prefixes.first(where: { bytes.starts(with: $0) }) {
            return contains(Array(bytes.dropFirst(prefix.count)))
        }
        // The unspecified address and this machine.
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] <= 1 || networks6.contains { isInside(bytes, $0) }
    }

    private static func isInside(_ address: [UInt8], _ network: (bytes: [UInt8], bits: Int)) -> Bool {
        zip(address, network.bytes).enumerated().allSatisfy { index, pair in
            let mask = ~(UInt8.max >> UInt8(min(8, network.bits - 8 * index)))
            return pair.0 & mask == pair.1 & mask
        }
    }
}
