public import Hummingbird
internal import NIOCore

/// What travels with one request of sms-api.
public struct APIRequestContext: RequestContext {
    /// The most that a route decodes of a request's body, in bytes.
    public static let maximumBodySize = 16 * 1024

    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection: the client's, or a proxy's.
    let peer: SocketAddress?

    /// Made by Hummingbird for each request.
    public init(source: Source) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress
    }

    /// The most that a route decodes of a request's body, in bytes.
    public var maxUploadSize: Int { Self.maximumBodySize }
}

extension RequestContext {
    /// The matched route's pattern, `/sms_codes/{mobile}`, never the path itself, which holds the number.
    var routePattern: String {
        guard let path = endpointPath, path.first == "/" else { return "unmatched" }
        return path
    }
}
