internal import Synchronization

/// Whether a request's body was asked for; it does not leave when it is too late.
///
/// The client asks for the body once a connection stands and the request's head is on its way, and no message leaves
/// a gateway that has seen no body: a body that was never asked for means that nothing was sent. The note is made
/// before the bytes are handed over, so an error can only be on the safe side.
final class GatewayUpload: Sendable {
    private let latest: ContinuousClock.Instant?
    private let begun = Atomic(false)

    /// - Parameter latest: Asked for later, the body may not be handed over; nil: it always may.
    init(latest: ContinuousClock.Instant?) {
        self.latest = latest
    }

    var hasBegun: Bool { begun.load(ordering: .acquiring) }

    /// Notes that the body is handed over now.
    ///
    /// - Throws: ``MessageTooLate``: it may not be.
    func begin() throws(MessageTooLate) {
        if let latest, ContinuousClock.now >= latest { throw MessageTooLate() }
        begun.store(true, ordering: .releasing)
    }
}

/// The connection stood only when nothing of the message might leave any more.
struct MessageTooLate: Error {}
