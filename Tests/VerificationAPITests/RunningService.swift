import Logging
import NIOHTTP1
import Operations
import RedisClient
import TestSupport

@testable import VerificationAPI

/// The whole of sms-api in this process, with a Redis of its own, for as long as `body` runs.
func withService(_ body: (RunningAPI) async throws -> Void) async throws {
    try await withService(\.isSecure, false, body)
}

/// The same with a setting.
func withService<Value>(
    _ setting: WritableKeyPath<APIConfiguration, Value>, _ value: Value,
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: (RunningAPI) async throws -> Void
) async throws {
    let redis = try await RedisServer.start()
    var configuration = APIConfiguration(
        port: 0, store: try RedisURL(redis.url(database: 2)), broker: try RedisURL(redis.url(database: 3)))
    configuration[keyPath: setting] = value
    let service = try await APIService(configuration, logger: logger)
    let scheme = configuration.tls == nil ? "http" : "https"
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.run() }
        try await body(RunningAPI(base: "\(scheme)://127.0.0.1:\(try await service.listeningPort.number)"))
        group.cancelAll()
    }
    withExtendedLifetime(redis) {}
}

extension RunningAPI {
    var host: String { String(base.split(separator: "/")[1]) }

    func connect() throws -> RawConnection {
        try RawConnection(port: Int(base.split(separator: ":")[2]) ?? 0)
    }

    /// A POST of JSON.
    func post(_ path: String, headers: [(String, String)] = [], _ body: String = "{}") async throws -> Answer {
        try await send(.POST, path, headers: [("Content-Type", "application/json")] + headers, body: Array(body.utf8))
    }
}

/// A whole POST of JSON, as it stands on the wire.
func rawPost(_ path: String, _ body: String = "{}", head: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(head)\r\n\(body)"
}
