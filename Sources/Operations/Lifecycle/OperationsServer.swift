import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// Serves what operators and their tools ask of a running program, apart from its public port:
///
/// - `GET /healthz`: 200 `ok`, or 503 while a part of the process itself stands still, which only a restart mends; JSON names
///   the parts.
/// - `GET /readyz`: 200, or 503 while a part is ill or the program shuts down; JSON names the parts.
/// - `GET /metrics`: Prometheus's text format.
///
/// It starts first and stops last; ``ServiceRunner`` sees to that.
public struct OperationsServer: Service {
    /// The port it listens on, known once it does.
    public let listeningPort = ListeningPort()

    private let host: String
    private let port: Int
    private let liveness: HealthChecks
    private let readiness: Readiness
    private let metrics: MetricsRegistry
    private let logger: Logger

    /// A server for `host` and `port`; port 0 takes any free port (the setting's 0, none at all, is a nil port: see
    /// ``init(settings:defaultPort:liveness:readiness:metrics:logger:)``).
    public init(
        host: String, port: Int, liveness: HealthChecks = HealthChecks(), readiness: Readiness,
        metrics: MetricsRegistry,
        logger: Logger
    ) {
        self.host = host
        self.port = port
        self.liveness = liveness
        self.readiness = readiness
        self.metrics = metrics
        self.logger = logger
    }

    /// The server that the settings ask for; nil when the operations port is 0.
    public init?(
        settings: Settings, defaultPort: Int, liveness: HealthChecks = HealthChecks(), readiness: Readiness,
        metrics: MetricsRegistry, logger: Logger
    ) throws(ConfigurationError) {
        guard let port = try settings.read(.operationsPort(default: defaultPort)) else { return nil }
        self.init(
            host: try settings.read(.operationsHost), port: port, liveness: liveness, readiness: readiness,
            metrics: metrics, logger: logger)
    }

    /// Serves until it is told to stop.
    public func run() async throws {
        let address = ListenAddress(
            host: host, port: port, hostSetting: Setting.operationsHost.description,
            portSetting: Setting.operationsPort(default: port).description)
        try await serveHTTP(router(), on: address, telling: listeningPort, logger: logger) { [host, logger] port in
            logger.debug("operations endpoint on http://\(host):\(port)")
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { [liveness] _, _ in
            let parts = await liveness.run()
            guard parts.values.contains(where: { $0 != nil }) else {
                return respond(.ok, "text/plain; charset=utf-8", Array("ok\n".utf8))
            }
            return respond(
                .serviceUnavailable, "application/json", healthJSON(status: "standing still", parts: parts))
        }
        router.get("readyz") { [readiness] _, _ in
            let report = await readiness.report()
            return respond(report.isReady ? .ok : .serviceUnavailable, "application/json", report.json)
        }
        router.get("metrics") { [metrics] _, _ in
            respond(.ok, PrometheusText.contentType, await metrics.exposition())
        }
        return router
    }
}

private func respond(_ status: HTTPResponse.Status, _ contentType: String, _ body: [UInt8]) -> Response {
    Response(
        status: status, headers: [.contentType: contentType, .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
}
