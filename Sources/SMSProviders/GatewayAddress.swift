internal import FoundationEssentials

/// Where a signed request goes. Signatures cover `Host` and path, so both are read once and used for signing and
/// sending alike: a gateway on another port or path of this machine sees a signature that fits.
struct GatewayAddress: Sendable, Equatable {
    /// The whole address, with the path.
    let url: String
    /// The `Host` field: the port stands there unless it is the scheme's own.
    let host: String
    /// The path as it is on the wire, `/` at least.
    let path: String

    /// Nil for what is no address of an HTTP gateway, or holds more than scheme, host, port and path.
    init?(_ address: String) {
        guard let url = URL(string: address), let scheme = url.scheme, let port = Self.ports[scheme],
            let name = url.host, !name.isEmpty, url.query == nil, url.fragment == nil, url.user == nil
        else { return nil }
        let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
        self.host = url.port.map { $0 == port ? host : "\(host):\($0)" } ?? host
        let path = url.path(percentEncoded: true)
        self.path = path.isEmpty ? "/" : path
        self.url = "\(scheme)://\(self.host)\(self.path)"
    }

    private static let ports = ["http": 80, "https": 443]
}
