import NIOCore
import SMSVerification

extension ClientAddress {
    /// The address at the other end of a connection; nil for a Unix socket.
    init?(_ peer: SocketAddress) {
        // Where `sin_addr` and `sin6_addr` are: https://man7.org/linux/man-pages/man7/ipv6.7.html
        switch peer {
        case .v4(let peer): self.init(networkBytes: withUnsafeBytes(of: peer.address) { Array($0[4..<8]) })
        case .v6(let peer): self.init(networkBytes: withUnsafeBytes(of: peer.address) { Array($0[8..<24]) })
        case .unixDomainSocket: return nil
        }
    }
}
