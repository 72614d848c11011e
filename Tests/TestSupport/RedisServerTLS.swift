/// How a redis-server speaks TLS.
public struct RedisServerTLS: Sendable {
    private let certificates: TLSCertificates
    private let identity: TLSCertificates.Identity
    private let asksClients: Bool

    /// Describes it.
    ///
    /// - Parameters:
    ///   - certificates: They are kept for as long as the server; clients must be signed by their CA.
    ///   - identity: What the server shows; `certificates.server` when nil.
    ///   - asksClients: Whether clients must show a certificate too.
    public init(
        _ certificates: TLSCertificates, identity: TLSCertificates.Identity? = nil, asksClients: Bool = false
    ) {
        self.certificates = certificates
        self.identity = identity ?? certificates.server
        self.asksClients = asksClients
    }

    /// The same on a certain port.
    struct Listener: Sendable {
        let options: RedisServerTLS
        let port: Int

        var arguments: [String] {
            ["--tls-port", "\(port)", "--tls-ca-cert-file", options.certificates.authority]
                + ["--tls-cert-file", options.identity.certificate, "--tls-key-file", options.identity.key]
                + ["--tls-auth-clients", options.asksClients ? "yes" : "no"]
        }
    }
}

extension RedisServer {
    /// The port of 127.0.0.1 where it speaks TLS.
    public var tlsPort: Int {
        get throws {
            guard let tls else { throw TestError("the server was started without TLS") }
            return tls.port
        }
    }

    /// `rediss://…` for a server that speaks TLS.
    ///
    /// - Parameters:
    ///   - host: What the server is called: `localhost` or `127.0.0.1`.
    ///   - port: Another port than the server's, of a proxy for example.
    ///   - authority: The CA that the client believes.
    ///   - client: What the client shows.
    ///   - more: Further parameters, for example `"ssl_check_hostname=false"`.
    public func tlsURL(
        host: String = "localhost", port: Int? = nil, authority: String? = nil,
        client: TLSCertificates.Identity? = nil, more: [String] = []
    ) throws -> String {
        var parameters = authority.map { ["ssl_ca_certs=\($0)"] } ?? []
        if let client { parameters += ["ssl_certfile=\(client.certificate)", "ssl_keyfile=\(client.key)"] }
        return "rediss://\(credentials)\(host):\(try port ?? tlsPort)/0?" + (parameters + more).joined(separator: "&")
    }

    /// Lets the server show another certificate from now on, without a restart.
    public func show(_ identity: TLSCertificates.Identity) async throws {
        try await cli("CONFIG", "SET", "tls-cert-file", identity.certificate, "tls-key-file", identity.key)
    }
}
