public import AsyncHTTPClient
internal import NIOCore

extension HTTPClient.Configuration {
    /// So many calls go over one connection. Under steady load none is ever idle, and would stay with the address that the
    /// gateway's name had when it was made. A busy connection makes a few calls a second, so that a change of the name is
    /// followed within a minute or so, and one call in two hundred pays for a handshake.
    static let callsOfConnection = 200

    /// How a client for SMS gateways is set up. Every ``SMSProvider`` counts on it.
    ///
    /// Certificates are verified, redirects are never followed, a connection that cannot be made fails at once (the
    /// queue tries again, or another gateway does), and idle connections are dropped before gateways drop them, since
    /// a request that meets a closing connection ends with an unknown outcome. A busy connection is replaced from time to
    /// time, so that a change of the gateway's address is followed. There is no tracing: spans would hold the request's
    /// address, and with it the signature.
    ///
    /// - Parameters:
    ///   - connectTimeout: How long it may take to get a connection: name resolution, TCP, TLS, and waiting for a
    ///     free one.
    ///   - connections: How many calls one gateway gets at the same time.
    public static func smsGateway(connectTimeout: Duration = .seconds(2), connections: Int = 20) -> Self {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout)),
            connectionPool: .init(idleTimeout: .seconds(15)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.maximumUsesPerConnection = callsOfConnection
        configuration.httpVersion = .http1Only
        configuration.tracing.tracer = nil
        return configuration
    }
}
