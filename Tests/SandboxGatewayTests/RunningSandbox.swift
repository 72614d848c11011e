import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import SandboxGateway
import ServiceLifecycle

/// A sandbox on a free port of this machine, and a client for it.
struct RunningSandbox {
    let server: SandboxServer
    let baseURL: String
    let client: HTTPClient
    private let group: ServiceGroup

    /// Begins the shutdown.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// Runs a sandbox for as long as `body` runs, and sees it shut down in good order.
    static func with(
        _ configuration: SandboxConfiguration = SandboxConfiguration(), _ body: (RunningSandbox) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.port = 0
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        let server = SandboxServer(configuration: configuration, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        let running = Task { try await group.run() }
        let client = HTTPClient()
        do {
            let port = try await server.port
            let baseURL = "http://127.0.0.1:\(port)"
            try await body(RunningSandbox(server: server, baseURL: baseURL, client: client, group: group))
        } catch {
            await group.triggerGracefulShutdown()
            try? await client.shutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
        try await client.shutdown()
    }

    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var text: String

        func json() throws -> NSDictionary {
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary ?? [:]
        }
    }

    func request(
        _ method: HTTPMethod = .GET, _ path: String, headers: HTTPHeaders = [:], body: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        request.headers = headers
        request.body = body.map { .bytes(ByteBuffer(string: $0)) }
        let response = try await client.execute(request, timeout: .seconds(30))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            text: String(buffer: try await response.body.collect(upTo: 10_000_000)))
    }

    /// Makes a call as the vendor's interface wants it and returns the answer's status code.
    func send(_ call: TemplateCall) async throws -> String {
        let answer = try await request(.POST, call.path, headers: call.headers, body: call.body)
        return try answer.json()["statusCode"] as? String ?? "no statusCode: \(answer.text)"
    }

    func messages(_ query: String = "") async throws -> [NSDictionary] {
        let answer = try await request(.GET, "/messages\(query)")
        return try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [NSDictionary] ?? []
    }
}
