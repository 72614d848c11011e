internal import CHiredisShim
import Synchronization

/// A connected socket as any thread may write to it, for as long as the event loop leaves it open.
///
/// A command that finds its connection idle goes out from the thread that sends it: to wake the loop's thread for that
/// takes longer than the server needs for the command.
final class DirectSocket: Sendable {
    /// Negative once the loop has taken it back. The lock keeps the loop from closing the socket during a write: its
    /// number might be another file's at once.
    private let descriptor: Locked<Int32>

    init(_ descriptor: Int32) {
        self.descriptor = Locked(descriptor)
    }

    /// Writes what the socket takes without waiting, and returns how many bytes that were. A broken socket takes nothing:
    /// the loop finds out why.
    func write(_ bytes: [UInt8]) -> Int {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return 0 }
            let count = bytes.withUnsafeBytes { chiredis_send_now(descriptor, $0.baseAddress, $0.count) }
            return max(0, count)
        }
    }

    /// Nothing is written from now on: the socket may be closed.
    func takeBack() {
        descriptor.withLock { $0 = -1 }
    }
}
