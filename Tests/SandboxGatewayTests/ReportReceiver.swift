import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport

/// Stands for the service that wants to know what became of its messages.
final class ReportReceiver: Sendable {
    struct Report: Sendable {
        var path: String
        var headers: [String: String]
        var body: String
    }

    private let received = Locked<[Report]>([])
    private let refusals: Locked<Int>

    private init(refusals: Int) { self.refusals = Locked(refusals) }

    /// What came, in the order in which it came.
    var reports: [Report] { received.withLock { $0 } }

    /// Listens on a free port for as long as `body` runs.
    ///
    /// - Parameter refusals: So many reports it does not accept at first.
    static func with(
        refusals: Int = 0, _ body: (_ receiver: ReportReceiver, _ baseURL: String) async throws -> Void
    ) async throws {
        let receiver = ReportReceiver(refusals: refusals)
        let router = Router()
        router.post("**") { request, _ in
            let body = try await request.body.collect(upTo: 64 * 1024)
            let headers =
                request.headers.map { ($0.name.canonicalName, $0.value) } + [("host", request.head.authority ?? "")]
            let report = Report(
                path: "\(request.uri)", headers: Dictionary(headers) { first, _ in first }, body: String(buffer: body))
            receiver.received.withLock { $0.append(report) }
            let isRefused = receiver.refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            return Response(status: isRefused ? .serviceUnavailable : .noContent)
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in listening.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        let running = Task { try await group.run() }
        let port = await ports.first { _ in true } ?? 0
        do {
            try await body(receiver, "http://127.0.0.1:\(port)")
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }
}
