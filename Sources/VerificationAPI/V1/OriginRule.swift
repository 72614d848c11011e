import HTTPTypes
import Hummingbird

/// Which pages may ask: those of the service itself, those of the listed origins, and programs that are no browsers.
///
/// Sources: <https://fetch.spec.whatwg.org/#http-cors-protocol>, <https://w3c.github.io/webappsec-fetch-metadata/>
struct OriginRule: RouterMiddleware {
    typealias Context = APIRequestContext

    /// Other origins, such as `https://shop.example`, exactly as browsers write them.
    let allowedOrigins: Set<String>
    /// The service's own origin as the outside sees it, whatever host a proxy names; nil: the one that requests name.
    let ownOrigin: String?
    /// Browsers reach the service over TLS: a page that came without is not its own.
    let isSecure: Bool

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin]
        let isListed = origin.map { allowedOrigins.contains($0) } ?? false
        if let origin, isListed {
            let sharing = HTTPFields(named: [
                "Access-Control-Allow-Origin": origin, "Vary": "Origin",
                "Access-Control-Allow-Headers": "content-type, idempotency-key",
                "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Expose-Headers": "retry-after",
                "Access-Control-Max-Age": "600",
            ])
            var response =
                request.method == .options
                ? Response(status: .noContent, headers: .neverCached) : try await next(request, context)
            for field in sharing { response.headers[field.name] = field.value }
            return response
        }
        if request.method == .post, !isOwn(request, origin) {
            throw Problem(
                .foreignOrigin,
                detail: "Pages of other origins may not send this. The operator lists origins that may.")
        }
        return try await next(request, context)
    }

    private func isOwn(_ request: Request, _ origin: String?) -> Bool {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            return false
        }
        guard let origin else { return true }
        if origin == ownOrigin { return true }
        guard let host = request.head.authority else { return false }
        return origin == "https://\(host)" || !isSecure && origin == "http://\(host)"
    }
}
