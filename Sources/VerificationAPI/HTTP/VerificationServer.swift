public import HummingbirdCore
import NIOCore

extension HTTPServerBuilder {
    /// The HTTP/1.1 server of sms-api: small heads, since no client of its routes sends more, and no idle connections.
    public static var verificationAPI: HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(60),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64)))
    }
}
