internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Keeps requests away from a name that leads inside: whoever rules the name could otherwise have them delivered to a
/// machine that trusts this one.
///
/// The HTTP client looks the name up for itself when it connects: an answer that changes in between is not seen.
final class EgressCheck: Sendable {
    /// For how long an answer is good.
    private static let life = Duration.seconds(30)

    private let host: String
    private let known = Mutex<(isAllowed: Bool, until: ContinuousClock.Instant)?>(nil)

    /// Nil when there is nothing to look up: the address names this machine.
    init?(url: String) {
        guard let host = URL(string: url)?.host, !HostName.isThisMachine(host) else { return nil }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    /// False when one of the name's addresses is internal. A name that leads nowhere is left to who calls it.
    func allows() async -> Bool {
        if let known = known.withLock({ $0 }), known.until > .now { return known.isAllowed }
        let addresses = try? await NIOSingletons.posixBlockingThreadPool.runIfActive { [host] in Self.look(host) }
        let isAllowed = addresses?.contains(where: InternalAddress.contains) != true
        known.withLock { $0 = (isAllowed, .now + Self.life) }
        return isAllowed
    }

    private static func look(_ host: String) -> [SocketAddress] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        return sequence(first: first) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            guard let info = entry?.pointee, let bytes = info.ai_addr else { return nil }
            let raw = UnsafeRawPointer(bytes)
            switch info.ai_family {
            case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self))
            case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self))
            default: return nil
            }
        }
    }
}
