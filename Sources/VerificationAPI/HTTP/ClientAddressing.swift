import HTTPTypes
import Hummingbird
import SMSVerification

/// Where a request came from: the peer, or the client that the trusted proxies tell.
struct ClientAddressing: Sendable {
    let hops: TrustedHops

    /// Nil when the peer has no address, as on a Unix socket.
    func address(of request: Request, _ context: APIRequestContext) -> ClientAddress? {
        guard let peer = context.peer.flatMap({ ClientAddress($0) }) else { return nil }
        if hops.useProxyProtocol {
            // Whether the peer is a proxy was seen to there, and what others have written was removed.
            return ProxiedClient.header.flatMap { request.headers[$0] }.flatMap { ClientAddress($0) } ?? peer
        }
        guard hops.count > 0, let header = HTTPField.Name(hops.header.rawValue) else { return peer }
        return hops.client(peer: peer, values: request.headers[values: header])
    }
}
