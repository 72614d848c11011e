#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// systemd's journal, which takes records with their fields as datagrams; see
/// <https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>.
struct JournalSocket: Sendable {
    static let systemPath = "/run/systemd/journal/socket"

    private let socket: DatagramSocket

    /// The journal of this machine, or another one for tests. Nil when there is none.
    init?(path: String = systemPath) {
        guard access(path, W_OK) == 0, let socket = DatagramSocket(address: path, patience: .zero) else {
            return nil
        }
        self.socket = socket
    }

    /// Hands over a record; false when the journal does not take it at once, as while it restarts, or when it is too long.
    func send(_ entry: [UInt8]) -> Bool { socket.send(entry) }
}
