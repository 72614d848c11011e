public import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells systemd how a service of `Type=notify` is doing: datagrams to the socket that `NOTIFY_SOCKET` names; see
/// sd_notify(3). Without that variable nothing is sent.
public struct ServiceNotifier: Sendable {
    /// How often at least systemd wants to hear from the watchdog; nil when it does not watch this process.
    public let watchdogPeriod: Duration?

    private let socket: DatagramSocket?

    /// A notifier for the socket that the environment names, if it names one.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        socket = environment["NOTIFY_SOCKET"].flatMap {
            $0.isEmpty ? nil : DatagramSocket(address: $0, patience: .seconds(5))
        }
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let period = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdogPeriod = socket != nil && isMeant && period > 0 ? .microseconds(period) : nil
    }

    /// Whether anybody listens.
    var isActive: Bool { socket != nil }

    /// The program has started, or has taken over changed settings.
    public func ready() { send("READY=1") }

    /// The program begins to take over changed settings; ``ready()`` ends it.
    public func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)")
    }

    /// The program does its work: to be said every ``watchdogPeriod`` at least.
    public func watchdog() { send("WATCHDOG=1") }

    /// The program has begun to shut down.
    public func stopping() { send("STOPPING=1") }

    /// A line that `systemctl status` shows.
    public func status(_ text: String) { send("STATUS=\(escapingControls(in: text))") }

    /// Sends one datagram. Whether it arrives does not matter to the program, so errors are not reported.
    private func send(_ message: String) {
        _ = socket?.send(Array(message.utf8))
    }
}
