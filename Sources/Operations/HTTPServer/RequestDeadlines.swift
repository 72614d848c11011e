import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes too long to send a request or to take the answer, or whose body has no end.
///
/// The idle time-out does not see the former: each byte starts it anew.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var readBy: NIODeadline?
    private var answeredBy: NIODeadline?
    private var unanswered = 0
    private var bodyBytes = 0
    private var nextLook: Scheduled<Void>?

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expectRequest(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expectRequest(context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        nextLook?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            bodyBytes = 0
            expectRequest(context)
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if bodyBytes > limits.bodyBytes { return context.close(promise: nil) }
        case .end:
            readBy = nil
            unanswered += 1
            if unanswered == 1 { expectAnswer(context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            answeredBy = nil
            if unanswered > 0 { expectAnswer(context) }
        }
        context.write(data, promise: promise)
    }

    private func expectRequest(_ context: ChannelHandlerContext) {
        readBy = .now() + TimeAmount(limits.transfer)
        look(context, at: readBy)
    }

    private func expectAnswer(_ context: ChannelHandlerContext) {
        answeredBy = .now() + TimeAmount(limits.transfer)
        look(context, at: answeredBy)
    }

    /// One timer serves all requests: both deadlines are set the same time ahead, so that one that is set while it runs
    /// is never the earlier one. A timer for each request would have to be searched for and taken back each time.
    private func look(_ context: ChannelHandlerContext, at time: NIODeadline?) {
        guard nextLook == nil, let time else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        nextLook = context.eventLoop.scheduleTask(deadline: time) {
            let (handler, context) = bound.value
            handler.nextLook = nil
            guard let earliest = [handler.readBy, handler.answeredBy].compactMap({ $0 }).min() else { return }
            if earliest <= .now() { return context.close(promise: nil) }
            handler.look(context, at: earliest)
        }
    }
}
