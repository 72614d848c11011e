internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The web inbox, and the same as JSON.
struct InboxRoutes: Sendable {
    let inbox: Inbox
    let statistics: CallStatistics
    let account: SandboxAccount
    let reset: @Sendable () -> Void

    func add(to pages: RouterGroup<SandboxContext>) {
        addPage(to: pages)
        pages.get("events") { request, _ in
            InboxEvents(inbox: inbox).response(to: request)
        }
        pages.get("messages") { request, _ in
            try messages(request)
        }
        pages.get("stats") { _, _ in
            try Response.json(statistics.snapshot)
        }
        pages.get("providers") { request, _ in
            let base = "http://\(request.head.authority ?? "127.0.0.1:8090")"
            return try Response.json(ProviderSettings.all(for: account, at: base))
        }
        pages.post("reset") { request, _ in
            try request.refuseOtherSites()
            reset()
            return Response(status: .noContent)
        }
    }

    private func addPage(to pages: RouterGroup<SandboxContext>) {
        for (path, type, bytes) in [
            ("/", "text/html", PackageResources.inbox_html), ("inbox.css", "text/css", PackageResources.inbox_css),
            ("inbox.js", "text/javascript", PackageResources.inbox_js),
            ("faults.js", "text/javascript", PackageResources.faults_js),
        ] {
            let body = ByteBuffer(bytes: bytes)
            pages.get(RouterPath(path)) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "\(type); charset=utf-8"], body: .init(byteBuffer: body))
            }
        }
    }

    private func messages(_ request: Request) throws -> Response {
        let query = request.uri.queryParameters
        let limit = query["limit"].map { Int($0) } ?? 100
        guard let limit, limit >= 0 else {
            throw HTTPError(.badRequest, message: "limit is not a number: write it like ?limit=100")
        }
        return try Response.json(
            inbox.messages(
                to: query["mobile"].map(String.init), through: query["gateway"].map(String.init), limit: limit))
    }
}

/// Keeps other sites out of the inbox's pages, and its answers out of caches.
struct PageProtection<Context: RequestContext>: RouterMiddleware {
    private let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension Request {
    /// Throws if a browser says that a page of another site makes this request.
    func refuseOtherSites() throws(HTTPError) {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] else { return }
        guard site == "same-origin" || site == "none" else {
            throw HTTPError(.forbidden, message: "another site's page asked")
        }
    }
}
