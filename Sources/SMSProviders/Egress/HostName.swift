internal import NIOCore

/// What a host in an address is, as far as its text tells.
enum HostName {
    /// The text names this machine itself.
    static func isThisMachine(_ host: String) -> Bool {
        let bytes = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || bytes.count == 4 && bytes[0] == 127 && !bytes.contains(nil)
    }

    /// The text is the number of an internal address. A name is not looked up.
    static func isInternalAddress(_ host: String) -> Bool {
        let number = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return (try? SocketAddress(ipAddress: number, port: 0)).map(InternalAddress.contains) ?? false
    }
}
