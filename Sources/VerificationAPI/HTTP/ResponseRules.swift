import HTTPTypes
import Hummingbird

/// What holds for every request and answer: the sizes of URL and body, the security headers, HEAD without a body.
struct ResponseRules<Context: RequestContext>: RouterMiddleware {
    /// No route's path and query come near it, in bytes.
    private static var longestTarget: Int { 2048 }

    /// Browsers reach the service over TLS, and are told to use nothing else for a year.
    let isSecure: Bool

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if request.uri.string.utf8.count > Self.longestTarget {
            response = try Problem.targetTooLong(limit: Self.longestTarget).response(from: request, context: context)
        } else if let length = request.headers[.contentLength].flatMap({ Int($0) }),
            length > mostBytes(request, context)
        {
            response = try Problem.bodyTooLarge(limit: mostBytes(request, context))
                .response(from: request, context: context)
        } else {
            response = try await next(request, context)
        }
        response.headers.append(contentsOf: HTTPFields.security)
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func mostBytes(_ request: Request, _ context: Context) -> Int {
        request.uri.path.hasPrefix(CallbackRoutes.prefix) ? CallbackRoutes.maximumBodySize : context.maxUploadSize
    }
}

extension Problem {
    fileprivate static func targetTooLong(limit: Int) -> Problem {
        Problem(.uriTooLong, detail: "A request's path and query may have \(limit) bytes at most.")
    }

    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(.contentTooLarge, detail: "A request's body may hold \(limit) bytes at most.")
    }
}
