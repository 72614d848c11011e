internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// A request body that knows whether it was asked for, and does not leave when it is too late.
///
/// The client asks for the body once a connection stands and the request's head is on its way, and no message leaves
/// a gateway that has seen no body: a body that was never asked for means that nothing was sent. The note is made
/// before the bytes are handed over, so an error can only be on the safe side.
final class GatewayUpload: Sendable {
    private let bytes: ByteBuffer
    private let latest: ContinuousClock.Instant?
    private let eventLoop: any EventLoop
    private let begun = Atomic(false)

    /// - Parameters:
    ///   - latest: Asked for later, the body is not handed over; nil: it always is.
    ///   - eventLoop: Where the client is told that it is too late.
    init(_ bytes: ByteBuffer, latest: ContinuousClock.Instant? = nil, eventLoop: any EventLoop) {
        self.bytes = bytes
        self.latest = latest
        self.eventLoop = eventLoop
    }

    var hasBegun: Bool { begun.load(ordering: .acquiring) }

    var body: HTTPClient.Body {
        .stream(contentLength: Int64(bytes.readableBytes)) { [self] writer in
            if let latest, ContinuousClock.now >= latest { return eventLoop.makeFailedFuture(MessageTooLate()) }
            begun.store(true, ordering: .releasing)
            return writer.write(.byteBuffer(bytes))
        }
    }
}

/// The connection stood only when nothing of the message might leave any more.
struct MessageTooLate: Error {}
