internal import RedisClient
import Synchronization

/// The broker's clock, the only one that all workers share, as its replies tell it. Before the first one: this machine's.
final class ServerClock: Sendable {
    /// The server's time less this machine's monotonic time, in microseconds.
    private let difference = Mutex<Int?>(nil)
    private let origin = ContinuousClock.now

    /// The server's time now.
    var now: WireTime {
        guard let difference = difference.withLock({ $0 }) else { return .now }
        return WireTime(microseconds: elapsed + difference)
    }

    /// The server has just said what time it is.
    func adjust(to milliseconds: Int) {
        let difference = milliseconds * 1000 - elapsed
        self.difference.withLock { $0 = difference }
    }

    private var elapsed: Int {
        origin.duration(to: .now).wholeMicroseconds
    }
}
