public import Hummingbird

/// What travels with one request of sms-api.
public struct APIRequestContext: RequestContext {
    /// The most that a route decodes of a request's body, in bytes.
    public static let maximumBodySize = 16 * 1024

    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage

    /// Made by Hummingbird for each request.
    public init(source: Source) {
        coreContext = .init(source: source)
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
