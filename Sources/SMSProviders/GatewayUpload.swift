internal import NIOCore
internal import Synchronization

/// A request body that knows whether it was asked for.
///
/// The client asks for the body once a connection stands and the request's head is on its way, and no message leaves
/// a gateway that has seen no body: a body that was never asked for means that nothing was sent. The note is made
/// before the bytes are handed over, so an error can only be on the safe side.
struct GatewayUpload: AsyncSequence, Sendable {
    private let bytes: ByteBuffer
    private let begun = Flag()

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    var hasBegun: Bool { begun.isSet }

    func makeAsyncIterator() -> Iterator {
        Iterator(remaining: bytes, begun: begun)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var remaining: ByteBuffer?
        fileprivate let begun: Flag

        mutating func next() async -> ByteBuffer? {
            begun.set()
            defer { remaining = nil }
            return remaining
        }
    }

    fileprivate final class Flag: Sendable {
        private let value = Atomic(false)

        var isSet: Bool { value.load(ordering: .acquiring) }

        func set() { value.store(true, ordering: .releasing) }
    }
}
