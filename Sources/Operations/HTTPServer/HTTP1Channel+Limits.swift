public import HummingbirdCore
public import NIOCore

extension HTTP1Channel.Configuration {
    /// HTTP/1.1 for clients that may be slow, or pretend to be.
    ///
    /// Heads have to be small, since no page and no route needs others: 64 fields, 16 KiB together.
    ///
    /// - Parameters:
    ///   - limits: How long clients may take.
    ///   - handlers: What else looks at the requests of a connection, behind the limits.
    public static func limited(
        by limits: ConnectionLimits,
        and handlers: @autoclosure @escaping @Sendable () -> [any RemovableChannelHandler] = []
    ) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadlines(limits)] + handlers(), idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
    }
}
