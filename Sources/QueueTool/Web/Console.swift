internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Operations
internal import RedisClient
internal import TaskQueue

/// What all pages of the console share.
struct Console: Sendable {
    let configuration: ConsoleConfiguration
    let sessions = ConsoleSessions()
    let attempts = SignInAttempts()
    /// The queues that are found in the database.
    let foundQueues: BackgroundLook<[String]>
    /// The limits of verifications, when it was said where they are counted.
    let verifications: VerificationLimits?
    let logger: Logger
    /// What it works with; its queue is the one that is shown first.
    private let own: QueueSession

    init(
        _ configuration: ConsoleConfiguration, _ session: QueueSession, _ verifications: VerificationLimits?,
        logger: Logger
    ) {
        self.configuration = configuration
        own = session
        self.verifications = verifications
        foundQueues = BackgroundLook { [client = session.client] in try await QueueInspector.queues(client) }
        self.logger = logger
    }

    var display: ArgumentDisplay { configuration.display }

    func addPages(to router: Router<ConsoleContext>) {
        OverviewPage(console: self).add(to: router)
        JobsPage(console: self).add(to: router)
        JobStoryPage(console: self).add(to: router)
        DeadPage(console: self).add(to: router)
        DeadPlanPage(console: self).add(to: router)
        WorkersPage(console: self).add(to: router)
        LimitsPage(console: self).add(to: router)
        QueueActions(console: self).add(to: router)
        SignInPage(console: self).add(to: router)
    }

    /// The queue that a request is about, and how it stands.
    func view(_ fields: FormFields) async throws -> QueueView {
        let queue = inspector(fields)
        return QueueView(queue: queue, statistics: try await queue.statistics())
    }

    var client: RedisClient { own.client }

    /// The queues that are known, the console's own among them, sorted.
    var queueNames: [String] { Set((foundQueues.outcome.found ?? []) + [own.name]).sorted() }

    func inspector(_ fields: FormFields) -> QueueInspector { session(fields).queue }

    /// What commands work with, for the queue that a request is about.
    func session(_ fields: FormFields) -> QueueSession {
        QueueSession(
            client: own.client, name: fields["queue"] ?? own.name, results: own.results, auditKey: own.auditKey)
    }

    /// Who changes something, for the audit log.
    func actor(_ context: ConsoleContext) -> String { "\(ProcessOwner.name) by the console from \(context.peer)" }

    func page(_ context: ConsoleContext) -> ConsolePage {
        ConsolePage(console: self, session: context.session, isRefresh: context.isRefresh)
    }

    /// The form that a page of this console has sent to change something.
    func changes(_ request: Request, _ context: ConsoleContext) async throws -> FormFields {
        guard !configuration.isReadOnly else {
            throw HTTPError(.forbidden, message: "This console was started with --read-only. Nothing was done.")
        }
        return try await form(request, context)
    }

    /// What a form says, whoever has sent it.
    func fields(_ request: Request, _ context: ConsoleContext) async throws -> FormFields {
        FormFields(String(buffer: try await request.body.collect(upTo: context.maxUploadSize)))
    }

    /// A form that a page of this visit has sent.
    func form(_ request: Request, _ context: ConsoleContext) async throws -> FormFields {
        let fields = try await fields(request, context)
        guard let session = context.session, let token = fields[ConsolePage.formToken],
            areEqualInConstantTime(token, session.formToken)
        else {
            throw HTTPError(.forbidden, message: "This form is none of this visit's. Nothing was done: load it again.")
        }
        return fields
    }

    /// The answer to a search form. What one looks for may be a number: the page itself answers then, and it stands in no
    /// address. Other conditions make an address, which can be kept.
    func search(
        _ request: Request, _ context: ConsoleContext, _ path: String, _ page: (FormFields) async throws -> Response
    ) async throws -> Response {
        let fields = try await form(request, context).filled(without: ConsolePage.formToken)
        guard fields[FormFields.text] != nil else { return .seeOther(path + fields.query) }
        return try await page(fields)
    }

    /// Over TLS, a name that only this host, and only over TLS, can set.
    ///
    /// Source: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix>
    var cookieName: String { configuration.isSecure ? "__Host-sms_console" : "sms_console" }

    func cookie(_ session: ConsoleSession) -> String {
        "\(cookieName)=\(session.id); Path=/; HttpOnly; SameSite=Strict"
            + (configuration.isSecure ? "; Secure" : "")
    }
}

/// A queue and how it stood when the page was asked for.
struct QueueView: Sendable {
    let queue: QueueInspector
    let statistics: QueueStatistics

    var name: String { queue.queue }
    /// The server's time.
    var now: WireTime { WireTime(statistics.time) ?? .now }
}

/// The addresses of the console's pages.
enum ConsolePath {
    static let overview = "/"
    static let jobs = "/jobs"
    static let job = "/job"
    static let dead = "/dead"
    static let deadPlan = "/dead/plan"
    static let deadRetry = "/dead/retry"
    static let deadDelete = "/dead/delete"
    static let workers = "/workers"
    static let limits = "/limits"
    static let pause = "/queue/pause"
    static let resume = "/queue/resume"
    static let signIn = "/sign-in"
    static let signOut = "/sign-out"
}

extension Request {
    /// What stands in the address behind the question mark.
    var fields: FormFields { FormFields(uri.query ?? "") }
}
