/// The address that a client has, of either version of the Internet Protocol. An IPv4 address in the clothes of version 6
/// (`::ffff:192.0.2.1`) is the IPv4 address; a zone (`%eth0`) does not belong to it.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc4291#section-2.2>
public struct ClientAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes, the first in front.
    public let bytes: [UInt8]

    /// Reads an address as it is written; nil for everything else, such as numbers with leading zeros, which some read
    /// as octal.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Self.version4(text) ?? Self.version6(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// Takes an address as it travels, 4 or 16 bytes; nil for any other number of them.
    public init?(networkBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.init(bytes: Array(bytes))
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes.count == 16 && bytes.starts(with: Self.mapped) ? Array(bytes.suffix(4)) : bytes
    }

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Whom limits hold responsible: the address itself, or with version 6 the network of 64 bits, in which a client has
    /// all addresses.
    public var subject: String {
        guard bytes.count == 16 else { return "\(self)/32" }
        return "\(ClientAddress(bytes: bytes.prefix(8) + [UInt8](repeating: 0, count: 8)))/64"
    }

    /// As it is usually written: <https://www.rfc-editor.org/rfc/rfc5952>
    public var description: String {
        guard bytes.count == 16 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let zeros = Self.longestZeros(groups)
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        if zeros.count < 2 { return text(groups[...]) }
        return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }

    private static func version4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let byte = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count == 1 || !parts[1].isEmpty else { return nil }
        guard let gap = address.firstRange(of: "::") else {
            let bytes = groups(address, mayEndInVersion4: true)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let left = groups(address[..<gap.lowerBound], mayEndInVersion4: false),
            let right = groups(address[gap.upperBound...], mayEndInVersion4: true), left.count + right.count <= 14
        else { return nil }
        return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
    }

    /// The bytes of groups with colons between them, of none when the text is empty.
    private static func groups(_ text: some StringProtocol, mayEndInVersion4: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInVersion4, index == parts.count - 1, let last = version4(part) {
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.first != "+", let group = UInt16(part, radix: 16) else {
                    return nil
                }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

/// A network: all addresses with the same first bits.
public struct AddressRange: Sendable, Hashable {
    private let network: ClientAddress
    private let length: Int

    /// Reads `10.0.0.0/8` or `2001:db8::/32`; an address alone is the range of it alone. Nil for everything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let network = parts.first.flatMap({ ClientAddress($0) }) else { return nil }
        self.network = network
        let most = network.bytes.count * 8
        guard parts.count == 2 else {
            length = most
            return
        }
        guard parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let length = Int(parts[1]), length <= most
        else { return nil }
        self.length = length
    }

    /// True when the address belongs to the network.
    public func contains(_ address: ClientAddress) -> Bool {
        guard address.bytes.count == network.bytes.count else { return false }
        return zip(address.bytes, network.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, length - index * 8))
            return (pair.0 ^ pair.1) >> (8 - bits) == 0
        }
    }
}
