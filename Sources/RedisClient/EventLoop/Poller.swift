internal import CHiredisShim

/// What a socket is ready for.
struct Readiness: OptionSet {
    let rawValue: Int32
    static let readable = Readiness(rawValue: Int32(CHIREDIS_READABLE))
    static let writable = Readiness(rawValue: Int32(CHIREDIS_WRITABLE))
    static let broken = Readiness(rawValue: Int32(CHIREDIS_BROKEN))
}

/// Waits for many sockets at once (epoll), and can be woken from any thread (eventfd).
///
/// Both descriptors live as long as the process: there is one poller, owned by the one event loop.
struct Poller: Sendable {
    private let poller: Int32
    private let waker: Int32

    init() {
        poller = chiredis_poller_create()
        waker = chiredis_waker_create()
        precondition(poller >= 0 && waker >= 0, "the system has no file descriptor left for the Redis event loop")
        chiredis_poller_add(poller, waker, Readiness.readable.rawValue)
    }

    func add(_ descriptor: Int32, for readiness: Readiness) {
        chiredis_poller_add(poller, descriptor, readiness.rawValue)
    }

    func change(_ descriptor: Int32, to readiness: Readiness) {
        chiredis_poller_change(poller, descriptor, readiness.rawValue)
    }

    func remove(_ descriptor: Int32) {
        chiredis_poller_remove(poller, descriptor)
    }

    /// Ends the wait that runs, or the next one. May be called from any thread.
    func wake() {
        chiredis_waker_signal(waker)
    }

    /// Waits for at most that long (nil: until something happens) and tells which descriptors are ready.
    func wait(atMost limit: Duration?, _ ready: (Int32, Readiness) -> Void) {
        withUnsafeTemporaryAllocation(of: chiredis_event.self, capacity: 64) { events in
            let count = chiredis_poller_wait(poller, events.baseAddress, 64, Self.milliseconds(limit))
            for event in events.prefix(Int(count)) {
                if event.descriptor == waker {
                    chiredis_waker_clear(waker)
                } else {
                    ready(event.descriptor, Readiness(rawValue: event.readiness))
                }
            }
        }
    }

    /// Rounded up, so that a deadline has passed when the wait for it ends.
    private static func milliseconds(_ limit: Duration?) -> Int32 {
        guard let limit else { return -1 }
        let (seconds, attoseconds) = limit.components
        let total = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, total))
    }
}
