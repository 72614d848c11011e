internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Signing in with the token, and out.
struct SignInPage {
    /// Who names a wrong token waits.
    private static let pause = Duration.milliseconds(500)

    let console: Console

    func add(to router: Router<ConsoleContext>) {
        router.get(RouterPath(ConsolePath.signIn)) { request, context in
            form(context, target: request.fields["to"])
        }
        router.post(RouterPath(ConsolePath.signIn)) { request, context in
            try await signIn(request, context)
        }
        router.post(RouterPath(ConsolePath.signOut)) { request, context in
            _ = try await console.form(request, context)
            if let session = context.session { console.sessions.end(session) }
            return Response.seeOther(ConsolePath.signIn)
        }
    }

    private func form(_ context: ConsoleContext, target: String?, problem: String? = nil) -> Response {
        let alert: HTML? = problem.map { "<p class=\"problem\" role=\"alert\">\($0)</p>" }
        return console.page(context).standalone(
            "Sign in", status: problem == nil ? .ok : .forbidden,
            """
            <section class="card narrow"><h1>Sign in</h1>\(alert)
            <form class="stack" method="post" action="\(ConsolePath.signIn)">\
            \(ConsolePage.hidden(FormFields(["to": target])))
            <p><label for="token">Token</label><input id="token" name="token" type="password" \
            autocomplete="current-password" required autofocus></p>
            <p><button class="strong">Sign in</button></p></form>
            <p class="soft">The token is the one that the console was started with: --token-file or SMS_WEB_TOKEN.</p>
            </section>
            """)
    }

    private func signIn(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let fields = try await console.fields(request, context)
        guard let token = console.configuration.token else { return .seeOther(ConsolePath.overview) }
        // The right one is never kept waiting: behind a proxy all come from one address, those who guess too.
        guard areEqualInConstantTime(fields["token"] ?? "", token) else {
            if let wait = console.attempts.wait(context.peer) {
                throw HTTPError(
                    .tooManyRequests, headers: [.retryAfter: "\(wait.components.seconds + 1)"],
                    message: "Too many wrong tokens came from there: wait a minute.")
            }
            console.attempts.fail(context.peer)
            console.logger.warning("console: a wrong token from \(context.peer)")
            try? await Task.sleep(for: Self.pause)
            return form(context, target: fields["to"], problem: "That is not the token.")
        }
        if let session = context.session { console.sessions.end(session) }
        console.logger.notice("console: signed in from \(context.peer)")
        var response = Response.seeOther(Self.ownAddress(fields["to"]))
        response.headers[.setCookie] = console.cookie(console.sessions.begin())
        return response
    }

    /// A page of this console; the overview for anything else.
    private static func ownAddress(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.unicodeScalars.allSatisfy({ (0x21..<0x7F).contains($0.value) })
        else { return ConsolePath.overview }
        return text
    }
}
