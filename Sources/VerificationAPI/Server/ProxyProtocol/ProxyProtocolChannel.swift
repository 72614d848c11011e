import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import SMSVerification

/// A server's channels whose peers, where they are proxies that are ours, say first for whom they connect.
struct ProxyProtocolChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let hops: TrustedHops
    let refused: RefusedProxies

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            // Also before TLS.
            try channel.pipeline.syncOperations.addHandler(
                ProxyHeaderReader(hops, onRefusal: { refused.record($0, logger: logger) }), position: .first)
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Reads the header, and knows from then on who the client is. Others than the proxies have none to send.
private final class ProxyHeaderReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let hops: TrustedHops
    private let onRefusal: (ClientAddress) -> Void
    private var received: ByteBuffer?
    private var isOver = false
    private(set) var client: ClientAddress?

    init(_ hops: TrustedHops, onRefusal: @escaping (ClientAddress) -> Void) {
        self.hops = hops
        self.onRefusal = onRefusal
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOver { return context.fireChannelRead(data) }
        guard let peer = context.channel.remoteAddress.flatMap({ ClientAddress($0) }), hops.isProxy(peer) else {
            isOver = true
            return context.fireChannelRead(data)
        }
        var buffer = received ?? context.channel.allocator.buffer(capacity: 0)
        received = nil
        var more = unwrapInboundIn(data)
        buffer.writeBuffer(&more)
        switch ProxyHeader.take(from: &buffer) {
        case .incomplete: received = buffer
        case .invalid:
            onRefusal(peer)
            context.close(promise: nil)
        case .client(let address):
            isOver = true
            client = address
            if buffer.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(buffer)) }
        }
    }
}

/// Writes the client into each request, where ``ClientAddressing`` looks for it, in place of whatever stands there.
final class ProxiedClient: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    static let header = HTTPField.Name(TrustedHops.Header.xForwardedFor.rawValue)

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var request) = unwrapInboundIn(data),
            let header = Self.header
        else { return context.fireChannelRead(data) }
        request.headerFields[header] = client(context)?.description
        context.fireChannelRead(wrapInboundOut(.head(request)))
    }

    /// A stream of HTTP/2 is a channel of its own, inside that of the connection.
    private func client(_ context: ChannelHandlerContext) -> ClientAddress? {
        for pipeline in [context.pipeline, context.channel.parent?.pipeline] {
            guard let pipeline, pipeline.eventLoop.inEventLoop else { continue }
            if let reader = try? pipeline.syncOperations.handler(type: ProxyHeaderReader.self) { return reader.client }
        }
        return nil
    }
}
