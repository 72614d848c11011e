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

    func add(to router: Router<BasicRequestContext>) {
        let pages = router.group().add(middleware: PageProtection<BasicRequestContext>())
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
        pages.post("reset") { request, _ in
            guard request.comesFromOwnPage else { throw HTTPError(.forbidden, message: "another site's page asked") }
            reset()
            return Response(status: .noContent)
        }
    }

    private func addPage(to pages: RouterGroup<BasicRequestContext>) {
        let html = String(decoding: PackageResources.inbox_html, as: UTF8.self)
            .replacing("{{accountSID}}", with: account.accountSID)
            .replacing("{{authToken}}", with: account.authToken)
            .replacing("{{appID}}", with: account.appID)
        for (path, type, bytes) in [
            ("/", "text/html", Array(html.utf8)), ("inbox.css", "text/css", PackageResources.inbox_css),
            ("inbox.js", "text/javascript", PackageResources.inbox_js),
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
        return try Response.json(inbox.messages(to: query["mobile"].map(String.init), limit: limit))
    }
}

/// Keeps other sites out of the inbox's pages, and its answers out of caches.
private struct PageProtection<Context: RequestContext>: RouterMiddleware {
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
    /// False if a browser says that a page of another site makes this request.
    fileprivate var comesFromOwnPage: Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] else { return true }
        return site == "same-origin" || site == "none"
    }
}
