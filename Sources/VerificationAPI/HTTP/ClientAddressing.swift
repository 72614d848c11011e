import HTTPTypes
import Hummingbird
import NIOCore
import SMSVerification

/// Where a request came from: the peer, or the client that the trusted proxies tell.
struct ClientAddressing: Sendable {
    let hops: TrustedHops

    /// Nil when the peer has no address, as on a Unix socket.
    func address(of request: Request, _ context: APIRequestContext) -> ClientAddress? {
        guard let peer = context.peer.flatMap({ ClientAddress($0) }) else { return nil }
        guard hops.count > 0, let header = HTTPField.Name(hops.header.rawValue) else { return peer }
        return hops.client(peer: peer, values: request.headers[values: header])
    }
}

extension ClientAddress {
    /// The address at the other end of a connection; nil for a Unix socket.
    fileprivate init?(_ peer: SocketAddress) {
        // Where `sin_addr` and `sin6_addr` are: https://man7.org/linux/man-pages/man7/ipv6.7.html
        switch peer {
        case .v4(let peer): self.init(networkBytes: withUnsafeBytes(of: peer.address) { Array($0[4..<8]) })
        case .v6(let peer): self.init(networkBytes: withUnsafeBytes(of: peer.address) { Array($0[8..<24]) })
        case .unixDomainSocket: return nil
        }
    }
}
