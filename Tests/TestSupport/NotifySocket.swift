import Foundation

/// The other end of sd_notify, or the journal's: a Unix datagram socket, as systemd makes it.
public final class NotifySocket: Sendable {
    /// What `NOTIFY_SOCKET` says.
    public let address: String
    private let descriptor: Int32

    /// A socket in the file system, or an abstract one when `address` begins with `@`.
    public init(_ address: String) throws {
        self.address = address
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count + (path.first == 0 ? 0 : 1))
        let result = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw TestError("cannot bind \(address): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
    }

    /// The next datagram; nil when none comes in so much time.
    public func receive(within limit: Duration = .seconds(10)) async -> String? {
        await withCheckedContinuation { continuation in
            // poll(2) blocks, which the threads of Swift's own pool must not.
            DispatchQueue.global().async { [self] in
                var buffer = [UInt8](repeating: 0, count: 65_536)
                var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let isThere = poll(&event, 1, Int32(limit / .milliseconds(1))) == 1
                let count = isThere ? recv(descriptor, &buffer, buffer.count, 0) : -1
                continuation.resume(returning: count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self))
            }
        }
    }
}
