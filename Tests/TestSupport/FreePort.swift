import Foundation

/// A TCP port of 127.0.0.1 that nothing listens on.
///
/// It lies below the kernel's range for outgoing connections: a client that keeps knocking at the port of a
/// stopped server can therefore never be given that same port as its own, and connect to itself.
public func freePort() throws -> Int {
    for _ in 0..<200 {
        let port = Int.random(in: 12_000..<32_000)
        if Socket.canListen(port: port) { return port }
    }
    throw TestError("found no free TCP port on 127.0.0.1 between 12000 and 32000")
}

/// The few socket calls that the helpers need, without any client library.
enum Socket {
    static func canListen(port: Int) -> Bool {
        withSocket { (descriptor) -> Bool in
            withAddress(port: port) { bind(descriptor, $0, $1) == 0 }
        }
    }

    /// Connects to 127.0.0.1, sends `request` and gives what comes back first; nil when that fails.
    static func ask(port: Int, _ request: String) -> String? {
        withSocket { (descriptor) -> String? in
            var patience = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            guard withAddress(port: port, { connect(descriptor, $0, $1) == 0 }) else { return nil }
            let bytes = Array(request.utf8)
            guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
            var answer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &answer, answer.count, 0)
            return count > 0 ? String(decoding: answer[..<count], as: UTF8.self) : nil
        }
    }

    private static func withSocket<Result>(_ body: (Int32) -> Result) -> Result {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return body(descriptor)
    }

    private static func withAddress<Result>(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
