import Foundation

/// The few socket calls that the helpers need, without any client library.
enum Socket {
    static func canListen(port: Int) -> Bool {
        let descriptor = make()
        defer { close(descriptor) }
        return bind(descriptor, to: port)
    }

    /// Connects to 127.0.0.1, sends `request` and gives what comes back first; nil when that fails.
    static func ask(port: Int, _ request: String) -> String? {
        guard let descriptor = connect(port: port) else { return nil }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &answer, answer.count, 0)
        return count > 0 ? String(decoding: answer[..<count], as: UTF8.self) : nil
    }

    /// A socket that is connected to that port of 127.0.0.1; nil when nobody listens there.
    static func connect(port: Int) -> Int32? {
        let descriptor = make()
        if withAddress(port: port, { Foundation.connect(descriptor, $0, $1) == 0 }) { return descriptor }
        close(descriptor)
        return nil
    }

    /// A socket that holds that port of 127.0.0.1: connections are refused until `listen` is called on it.
    static func holding(port: Int) -> Int32? {
        let descriptor = make()
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        if bind(descriptor, to: port) { return descriptor }
        close(descriptor)
        return nil
    }

    /// Makes the calls on it return at once, and what is sent leave at once.
    static func makeImmediate(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
    }

    private static func make() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func bind(_ descriptor: Int32, to port: Int) -> Bool {
        withAddress(port: port) { Foundation.bind(descriptor, $0, $1) == 0 }
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
