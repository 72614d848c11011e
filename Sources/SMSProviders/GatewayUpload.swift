internal import NIOCore
internal import Synchronization

/// A request body that knows whether it was asked for, and does not leave when it is too late.
///
/// The client asks for the body once a connection stands and the request's head is on its way, and no message leaves
/// a gateway that has seen no body: a body that was never asked for means that nothing was sent. The note is made
/// before the bytes are handed over, so an error can only be on the safe side.
struct GatewayUpload: AsyncSequence, Sendable {
    private let bytes: ByteBuffer
    private let latest: ContinuousClock.Instant?
    private let begun = Flag()

    /// - Parameter latest: Asked for later, the body is not handed over; nil: it always is.
    init(_ bytes: ByteBuffer, latest: ContinuousClock.Instant? = nil) {
        self.bytes = bytes
        self.latest = latest
    }

    var hasBegun: Bool { begun.isSet }

    func makeAsyncIterator() -> Iterator {
        Iterator(remaining: bytes, latest: latest, begun: begun)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var remaining: ByteBuffer?
        fileprivate let latest: ContinuousClock.Instant?
        fileprivate let begun: Flag

        mutating func next() async throws -> ByteBuffer? {
            if let latest, remaining != nil, ContinuousClock.now >= latest { throw MessageTooLate() }
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

/// The connection stood only when nothing of the message might leave any more.
struct MessageTooLate: Error {}
