internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import RedisClient
internal import TaskQueue

/// Stands before all pages: who may ask, from where, and what every answer says.
struct ConsoleGuard: RouterMiddleware {
    typealias Context = ConsoleContext

    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'self'; frame-ancestors 'none'
        """

    let console: Console

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = await answer(request, context, next)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.named("Referrer-Policy")] = "same-origin"
        response.headers[.named("Cross-Origin-Opener-Policy")] = "same-origin"
        response.headers[.named("Cross-Origin-Resource-Policy")] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        let milliseconds = start.duration(to: .now) / .milliseconds(1)
        response.headers[.named("Server-Timing")] = "app;dur=\(tenths(milliseconds))"
        return response
    }

    private func answer(
        _ request: Request, _ context: Context, _ next: @concurrent (Request, Context) async throws -> Response
    ) async -> Response {
        let page = ConsolePage(console: console, session: context.session)
        // A form is not sent again by itself.
        let isLive = request.method == .get
        do {
            guard isForThisMachine(request) else {
                throw HTTPError(
                    .misdirectedRequest,
                    message: "This console is for 127.0.0.1 and localhost; another name came in the address.")
            }
            if request.uri.path.hasPrefix("/assets/") { return try await next(request, context) }
            return try await withSession(request, context, next)
        } catch let error as RedisError {
            // Nothing was there to look at, or somebody has to act: either way it is worth asking again.
            let title = error.code == .refused ? "Redis refuses it" : "Redis does not answer"
            return page.failure(.serviceUnavailable, title, "\(error)", isLive: isLive)
        } catch let error as AuditFailure {
            console.logger.error("console: \(error)")
            return page.failure(.serviceUnavailable, "The audit log cannot be written", "\(error)", isLive: isLive)
        } catch let error as HTTPError {
            var response = page.failure(error.status, error.status.reasonPhrase, error.body ?? "")
            response.headers[.retryAfter] = error.headers[.retryAfter]
            return response
        } catch {
            return page.failure(.internalServerError, "Something went wrong", "\(error)")
        }
    }

    private func withSession(
        _ request: Request, _ context: Context, _ next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.isRefresh = request.headers[.named("X-Refresh")] != nil
        if request.method == .post, !isOwnPage(request) {
            throw HTTPError(.forbidden, message: "A page of another site has sent this form. Nothing was done.")
        }
        if let known = request.cookies[console.cookieName].flatMap({ console.sessions.session($0.value) }) {
            context.session = known
            return try await tellingWhatIsDone(known) { try await next(request, context) }
        }
        guard console.configuration.token == nil else {
            // Nothing is kept of those who have not signed in.
            if request.uri.path == ConsolePath.signIn { return try await next(request, context) }
            let target = request.method == .get ? request.uri.description : "/"
            return .seeOther(ConsolePath.signIn + FormFields(["to": target]).query)
        }
        guard request.method == .get else {
            throw HTTPError(
                .forbidden, message: "This page was too old, or cookies are off. Nothing was done: load it again.")
        }
        let session = console.sessions.begin()
        context.session = session
        var response = try await next(request, context)
        response.headers[.setCookie] = console.cookie(session)
        return response
    }

    /// A change that was made, and could not be written down, is not to be made again: that is told on the next page.
    private func tellingWhatIsDone(
        _ session: ConsoleSession, _ answer: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await answer()
        } catch let failure as AuditFailure where failure.isDone {
            console.logger.error("console: \(failure)")
            console.sessions.tell("What you asked for: \(failure.description)", session)
            return .seeOther(ConsolePath.overview)
        }
    }

    /// On this machine alone nobody is asked who he is: so a stranger's name must not lead here (DNS rebinding).
    private func isForThisMachine(_ request: Request) -> Bool {
        guard console.configuration.token == nil else { return true }
        guard let authority = request.head.authority else { return false }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return ConsoleConfiguration.isLoopback(host.lowercased())
    }

    /// The form was sent by a page of this console, as the browser says in one way or the other.
    ///
    /// Sources: <https://w3c.github.io/webappsec-fetch-metadata/>, <https://fetch.spec.whatwg.org/#origin-header>
    private func isOwnPage(_ request: Request) -> Bool {
        let site = request.headers[.named("Sec-Fetch-Site")]
        if let site, site != "same-origin" { return false }
        guard let origin = request.headers[.origin] else { return site != nil }
        guard let host = request.head.authority else { return false }
        return origin == "https://\(host)" || !console.configuration.isSecure && origin == "http://\(host)"
    }
}

extension HTTPField.Name {
    /// A name that HTTPTypes has no constant for.
    static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header field") }
        return name
    }
}

extension Response {
    /// Leads on to a page after a form was sent.
    static func seeOther(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}
