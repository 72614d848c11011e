import AsyncHTTPClient
import Logging
import Metrics
import NIOCore
import NIOHTTP1
import Operations
import Testing

@Suite(.timeLimit(.minutes(5))) struct OperationsServerTests {
    private struct Refused: Error, CustomStringConvertible {
        let description = "connection refused"
    }

    private let liveness = HealthChecks()
    private let readiness = Readiness()
    private let metrics = MetricsRegistry()

    private func server(port: Int = 0) -> OperationsServer {
        OperationsServer(
            host: "127.0.0.1", port: port, liveness: liveness, readiness: readiness, metrics: metrics,
            logger: LineCollector().logger(level: .error))
    }

    /// Runs a server as long as `body` runs.
    private func serving(_ body: (OperationsServer, Int) async throws -> Void) async throws {
        let server = server()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await server.run() }
            try await body(server, try await server.listeningPort.number)
            group.cancelAll()
        }
    }

    private func get(_ port: Int, _ path: String) async throws -> (status: Int, type: String?, body: String) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let body = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return (Int(response.status.code), response.headers.first(name: "content-type"), body)
    }

    @Test func tellsThatItIsAlive() async throws {
        try await serving { _, port in
            let answer = try await get(port, "/healthz")
            #expect(answer == (200, "text/plain; charset=utf-8", "ok\n"))
        }
    }

    @Test func tellsWhatStandsStill() async throws {
        try await serving { _, port in
            liveness.add("consumer") { throw Refused() }
            liveness.add("redis") {}
            let answer = try await get(port, "/healthz")
            #expect(answer.status == 503)
            #expect(
                answer.body == #"{"status":"standing still","parts":{"consumer":"connection refused","redis":"ok"}}"#
                    + "\n")
        }
    }

    @Test func tellsWhatIsIll() async throws {
        try await serving { _, port in
            var answer = try await get(port, "/readyz")
            #expect(answer == (200, "application/json", #"{"status":"ready","parts":{}}"# + "\n"))
            readiness.addCheck("broker") { throw Refused() }
            answer = try await get(port, "/readyz")
            #expect(answer.status == 503)
            #expect(answer.body == #"{"status":"not ready","parts":{"broker":"connection refused"}}"# + "\n")
        }
    }

    @Test func showsMetrics() async throws {
        Counter(label: "worker.tasks", factory: metrics).increment()
        try await serving { _, port in
            let answer = try await get(port, "/metrics")
            #expect(answer.status == 200)
            #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body == "# TYPE worker_tasks_total counter\nworker_tasks_total 1\n")
        }
    }

    @Test func knowsNothingElse() async throws {
        try await serving { _, port in
            let answer = try await get(port, "/")
            #expect(answer.status == 404)
        }
    }

    @Test func aPortInUseIsNamedWithItsFlag() async throws {
        try await serving { _, port in
            let error = try await #require(throws: ListenError.self) { try await server(port: port).run() }
            #expect(
                error.description == "127.0.0.1:\(port): address already in use; stop its user "
                    + "or choose a port with --operations-port or SMS_OPERATIONS_PORT")
        }
    }

    @Test(arguments: [("192.0.2.1", "not an address of this machine"), ("nowhere.invalid", "unknown host")])
    func anotherAddressIsNamedWithItsFlag(host: String, reason: String) async throws {
        let server = OperationsServer(
            host: host, port: 0, readiness: readiness, metrics: metrics, logger: LineCollector().logger(level: .error))
        let error = try await #require(throws: ListenError.self) { try await server.run() }
        #expect(error.description.hasPrefix("\(host):0: \(reason); choose another with --operations-host"))
    }

    @Test func portZeroOfTheSettingIsNoServer() throws {
        let settings = try Settings(declared: [], environment: ["SMS_OPERATIONS_PORT": "0"])
        let server = try OperationsServer(
            settings: settings, defaultPort: 9181, readiness: readiness, metrics: metrics,
            logger: LineCollector().logger())
        #expect(server == nil)
    }
}
