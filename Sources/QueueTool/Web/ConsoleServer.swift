internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Operations
internal import ServiceLifecycle

/// Serves the console until it is told to stop.
struct ConsoleServer: Service {
    /// Some for each of those who look; more only keep open what others need.
    private static let mostConnections = 200

    private let console: Console
    private let listeningPort = ListeningPort()
    private let logger: Logger

    init(
        _ configuration: ConsoleConfiguration, _ session: QueueSession, _ verifications: VerificationLimits?,
        logger: Logger
    ) {
        console = Console(configuration, session, verifications, logger: logger)
        self.logger = logger
    }

    /// What to say when it listens.
    func banner() async throws -> String {
        let configuration = console.configuration
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let address = "http://\(host):\(try await listeningPort.number)/"
        return "console on \(address)"
            + (configuration.isReadOnly ? ", read only" : "")
            + (configuration.token == nil ? "" : ", for those who have the token")
            + (configuration.isLoopback || configuration.isSecure
                ? "" : "; the token and all pages travel unencrypted: let a proxy speak TLS, and say --trust-https")
    }

    func run() async throws {
        let configuration = console.configuration
        let address = ListenAddress(
            host: configuration.host, port: configuration.port, hostSetting: Setting.webHost.description,
            portSetting: Setting.webPort.description)
        try await withThrowingTaskGroup { group in
            group.addTask { await cancelWhenGracefulShutdown { await console.foundQueues.run() } }
            if let verifications = console.verifications {
                group.addTask { await cancelWhenGracefulShutdown { await verifications.credits.run() } }
            }
            group.addTask {
                try await serveHTTP(
                    router(), on: address, telling: listeningPort,
                    server: HTTPServerBuilder {
                        HTTP1Channel(responder: $0, configuration: .limited(by: ConnectionLimits()))
                    },
                    mostConnections: Self.mostConnections, logger: logger)
            }
            defer { group.cancelAll() }
            for try await _ in group {}
        }
    }

    private func router() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: ConsoleGuard(console: console))
        for (name, type, bytes) in [
            ("console.css", "text/css", PackageResources.console_css),
            ("console.js", "text/javascript", PackageResources.console_js),
        ] {
            let body = ByteBuffer(bytes: bytes)
            router.get(RouterPath("/assets/\(name)")) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "\(type); charset=utf-8", .cacheControl: "no-cache"],
                    body: .init(byteBuffer: body))
            }
        }
        console.addPages(to: router)
        return router
    }
}
