/// Which proxies stand before the service, and where they write whom they work for.
///
/// A header is believed only as far as the proxies that are ours have written it: counted from the right, since each one
/// adds its client at the end, and whatever stands further left may be the client's own invention.
public struct TrustedHops: Sendable, Hashable {
    /// The header that all proxies write; the other is never looked at.
    public enum Header: String, Sendable, Hashable, CaseIterable {
        /// Addresses with commas between them.
        case xForwardedFor = "x-forwarded-for"
        /// <https://www.rfc-editor.org/rfc/rfc7239>
        case forwarded
    }

    /// How many proxies a request passes that write ``header``; 0: none, no header is believed.
    public let count: Int
    /// What they write.
    public let header: Header
    /// From where the last of them connects. What comes from elsewhere is not believed.
    public let proxies: [AddressRange]
    /// They tell it by the PROXY protocol, before anything else on a connection, instead of a header.
    public let useProxyProtocol: Bool

    /// No proxy: headers are not looked at.
    public static let none = TrustedHops(count: 0, header: .xForwardedFor, proxies: [])

    /// Proxies that write a header into each request.
    public init(count: Int, header: Header, proxies: [AddressRange]) {
        self.init(count: count, header: header, proxies: proxies, useProxyProtocol: false)
    }

    /// Proxies that speak the PROXY protocol.
    public init(proxyProtocolFrom proxies: [AddressRange]) {
        self.init(count: 0, header: .xForwardedFor, proxies: proxies, useProxyProtocol: true)
    }

    private init(count: Int, header: Header, proxies: [AddressRange], useProxyProtocol: Bool) {
        self.count = count
        self.header = header
        self.proxies = proxies
        self.useProxyProtocol = useProxyProtocol
    }

    /// Whether that peer is one of the proxies.
    public func isProxy(_ peer: ClientAddress) -> Bool {
        proxies.contains { $0.contains(peer) }
    }

    /// The client's address: the peer's own when no header may be believed, or when it cannot be understood.
    ///
    /// - Parameters:
    ///   - peer: Who has connected.
    ///   - values: The values of ``header``, in the order in which they came.
    public func client(peer: ClientAddress, values: [String]) -> ClientAddress {
        guard count > 0, isProxy(peer) else { return peer }
        let line = values.joined(separator: ",")
        let address =
            switch header {
            case .xForwardedFor: Self.forwardedFor(line, hop: count)
            case .forwarded: Self.forwarded(line, hop: count)
            }
        return address ?? peer
    }

    private static func forwardedFor(_ line: String, hop: Int) -> ClientAddress? {
        let entries = line.split(separator: ",", omittingEmptySubsequences: false)
        guard hop <= entries.count else { return nil }
        return node(trimmed(entries[entries.count - hop]))
    }

    private static func forwarded(_ line: String, hop: Int) -> ClientAddress? {
        guard let elements = split(line[...], at: ","), hop <= elements.count,
            let pairs = split(elements[elements.count - hop], at: ";")
        else { return nil }
        let nodes = pairs.map { trimmed($0) }.filter { $0.lowercased().hasPrefix("for=") }
        guard nodes.count == 1, let value = unquoted(nodes[0].dropFirst(4)) else { return nil }
        return node(value[...])
    }

    /// Splits where the separator is not inside quotes; nil when a quote is not closed.
    private static func split(_ text: Substring, at separator: Character) -> [Substring]? {
        var pieces: [Substring] = []
        var start = text.startIndex
        var (isQuoted, isEscaped) = (false, false)
        for index in text.indices {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, text[index] == "\\" {
                isEscaped = true
            } else if text[index] == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, text[index] == separator {
                pieces.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return isQuoted ? nil : pieces + [text[start...]]
    }

    private static func unquoted(_ text: Substring) -> String? {
        guard text.first == "\"" else { return String(text) }
        guard text.count >= 2, text.last == "\"" else { return nil }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else if !isEscaped, character == "\"" {
                return nil
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return isEscaped ? nil : result
    }

    /// An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
    private static func node(_ text: Substring) -> ClientAddress? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" && isPort(rest.dropFirst()) else { return nil }
            let address = ClientAddress(text[..<end].dropFirst())
            return text[..<end].contains(":") ? address : nil
        }
        if let address = ClientAddress(text) { return address }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, isPort(parts[1]) else { return nil }
        return ClientAddress(parts[0])
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let end = text.lastIndex { !isSpace($0) }.map(text.index(after:)) ?? text.startIndex
        return text[..<end].drop(while: isSpace)
    }
}
