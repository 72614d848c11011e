import AsyncHTTPClient
import CoreMetrics
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import SMSVerification
import VerificationAPI

/// sms-api's HTTP server on a free port of this machine, for as long as `body` runs.
func withAPI(
    _ flow: any VerificationFlow = ScriptedFlow(),
    drawCaptcha: @escaping CaptchaDrawing = { text in Array(text.utf8) },
    demoPage: DemoPageOptions = DemoPageOptions(),
    metrics: any MetricsFactory = NOOPMetricsHandler.instance,
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: (RunningAPI) async throws -> Void
) async throws {
    let router = VerificationRouter(
        flow: flow, drawCaptcha: drawCaptcha, demoPage: demoPage, metrics: metrics)
    try await withServer(of: router, logger: logger, body)
}

/// These routes on a free port of this machine, for as long as `body` runs.
func withServer(
    of router: VerificationRouter, logger: Logger, _ body: (RunningAPI) async throws -> Void
) async throws {
    let (ports, started) = AsyncStream.makeStream(of: Int?.self)
    let application = Application(
        router: router.build(), server: .verificationAPI(),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { started.yield($0.localAddress?.port) }, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { started.finish() }
            try await application.run()
        }
        guard let port = await ports.first(where: { _ in true }) ?? nil else {
            return try await group.waitForAll()
        }
        try await body(RunningAPI(base: "http://127.0.0.1:\(port)"))
        group.cancelAll()
    }
}

struct RunningAPI: Sendable {
    let base: String

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// One real request.
    func send(
        _ method: HTTPMethod = .GET, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let received = try await response.body.collect(upTo: 1 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, body: Array(received.readableBytesView))
    }

    func get(_ path: String) async throws -> Answer {
        try await send(.GET, path)
    }
}
