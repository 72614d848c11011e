public import HummingbirdCore
internal import HummingbirdHTTP2
internal import NIOCore

extension HTTPServerBuilder {
    /// The server of sms-api: HTTP/1.1, or with TLS also HTTP/2, whichever the client chooses.
    ///
    /// - Parameters:
    ///   - tls: The certificate; nil serves in the clear.
    ///   - limits: How long clients may take.
    public static func verificationAPI(tls: ServerTLS? = nil, limits: ConnectionLimits = ConnectionLimits())
        -> HTTPServerBuilder
    {
        // Small heads, since no client of the routes sends more.
        let requests = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadlines(limits)], idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
        guard let tls else { return .http1(configuration: requests) }
        let connections = HTTP2ChannelConfiguration(
            idleTimeout: limits.idle, gracefulCloseTimeout: limits.transfer, streamConfiguration: requests)
        return HTTPServerBuilder { responder in
            GuardedTLSChannel(
                base: try HTTP2UpgradeChannel(
                    tlsConfiguration: tls.configuration, configuration: connections, responder: responder),
                handshakeLimit: TimeAmount(limits.handshake))
        }
    }
}
