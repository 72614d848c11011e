#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A Unix socket that datagrams are sent from, to one address.
final class DatagramSocket: Sendable {
    private let descriptor: Int32
    private let name: sockaddr_un
    private let length: socklen_t
    private let flags: Int32

    /// - Parameters:
    ///   - address: a path, or the name of an abstract socket after `@`.
    ///   - patience: how long sending may wait for a receiver that is busy; zero: not at all.
    init?(address: String, patience: Duration) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        let isAbstract = path.first == UInt8(ascii: "@")
        // An abstract name begins with a zero byte.
        if isAbstract { path[0] = 0 }
        guard path.count < MemoryLayout.size(ofValue: name.sun_path),
            let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)
        else { return nil }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let (seconds, attoseconds) = patience.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        // To the socket itself zero means without end.
        flags = Int32(MSG_NOSIGNAL) | (patience == .zero ? Int32(MSG_DONTWAIT) : 0)
        self.name = name
        length = socklen_t(start + path.count + (isAbstract ? 0 : 1))
    }

    deinit {
        close(descriptor)
    }

    /// Sends one datagram; false when it does not arrive.
    func send(_ bytes: [UInt8]) -> Bool {
        var name = name
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, flags, $0, length) == bytes.count
            }
        }
    }
}
