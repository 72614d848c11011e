public import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells systemd how a service of `Type=notify` is doing: datagrams to the socket that `NOTIFY_SOCKET` names; see
/// sd_notify(3). Without that variable nothing is sent.
public struct ServiceNotifier: Sendable {
    private let address: String?

    /// A notifier for the socket that the environment names, if it names one.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        address = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The program has started.
    public func ready() { send("READY=1") }

    /// The program has begun to shut down.
    public func stopping() { send("STOPPING=1") }

    /// A line that `systemctl status` shows.
    public func status(_ text: String) { send("STATUS=\(escapingControls(in: text))") }

    /// Sends one datagram. Whether it arrives does not matter to the program, so errors are not reported.
    private func send(_ message: String) {
        guard let address else { return }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        if path.first == UInt8(ascii: "@") {
            // An abstract socket: its name begins with a zero byte.
            path[0] = 0
        }
        guard path.count < MemoryLayout.size(ofValue: name.sun_path) else { return }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
        let isAbstract = path.first == 0
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + path.count + (isAbstract ? 0 : 1) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let length, descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}
