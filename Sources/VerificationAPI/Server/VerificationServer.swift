public import HummingbirdCore
internal import HummingbirdHTTP2
internal import NIOCore
public import Operations
public import SMSVerification

extension HTTPServerBuilder {
    /// The server of sms-api: HTTP/1.1, or with TLS also HTTP/2, whichever the client chooses.
    ///
    /// - Parameters:
    ///   - tls: The certificate; nil serves in the clear.
    ///   - limits: How long clients may take.
    ///   - hops: Who speaks the PROXY protocol; the clients that they tell stand in each request's `X-Forwarded-For`.
    public static func verificationAPI(
        tls: ServerTLS? = nil, limits: ConnectionLimits = ConnectionLimits(), hops: TrustedHops = .none
    ) -> HTTPServerBuilder {
        let requests = HTTP1Channel.Configuration.limited(
            by: limits, and: hops.useProxyProtocol ? [ProxiedClient()] : [])
        let refused = RefusedProxies()
        @Sendable func guarded(_ channel: some ServerChildChannel) -> any ServerChildChannel {
            hops.useProxyProtocol ? ProxyProtocolChannel(base: channel, hops: hops, refused: refused) : channel
        }
        guard let tls else {
            return HTTPServerBuilder { guarded(HTTP1Channel(responder: $0, configuration: requests)) }
        }
        let connections = HTTP2ChannelConfiguration(
            idleTimeout: limits.idle, gracefulCloseTimeout: limits.transfer, streamConfiguration: requests)
        return HTTPServerBuilder { responder in
            guarded(
                GuardedTLSChannel(
                    base: try HTTP2UpgradeChannel(
                        tlsConfiguration: tls.configuration, configuration: connections, responder: responder),
                    handshakeLimit: TimeAmount(limits.handshake)))
        }
    }
}
