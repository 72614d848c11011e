import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// The real programs around a real Redis, each on free ports, with nothing but what a user has: HTTP, redis-cli, logs.
///
/// Programs are started one by one, since many tests are about one that is missing.
final class RunningSystem: Sendable {
    static let mobile = "13800138000"
    private static let account = [
        "SMS_YUNTONGXUN_ACCOUNT_SID": "aaf98f8952b6f5730152b6f500000001",
        "SMS_YUNTONGXUN_AUTH_TOKEN": "5a6b7c8d9e0f11223344556677889900",
        "SMS_YUNTONGXUN_APP_ID": "8a216da852b6f5730152b6f500000002",
    ]

    let redis: RedisServer
    let apiPort: Int
    let apiOperationsPort: Int
    let workerOperationsPort: Int
    let sandboxPort: Int

    init() async throws {
        redis = try await RedisServer.start(appendOnly: true)
        apiPort = try freePort()
        apiOperationsPort = try freePort()
        workerOperationsPort = try freePort()
        sandboxPort = try freePort()
    }

    var api: String { "http://127.0.0.1:\(apiPort)" }
    var sandbox: String { "http://127.0.0.1:\(sandboxPort)" }
    var celery: CeleryApplication { CeleryApplication(broker: redis.url(database: 3)) }

    private var urls: [String: String] {
        ["SMS_BROKER_URL": redis.url(database: 3), "SMS_STORE_URL": redis.url(database: 2)]
    }

    // MARK: - Programs

    func startSandbox(waiting: Bool = true) async throws -> Program {
        let program = try Program.start(
            Program.built("sms-sandbox"), ["--port", "\(sandboxPort)", "--number-interval", "0"])
        if waiting { try await program.waitForLine(containing: "inbox") }
        return program
    }

    func startWorker(
        _ options: [String] = [], environment: [String: String] = [:], operationsPort: Int? = nil,
        ready: Bool = true
    ) async throws -> Program {
        var variables = Self.account.merging(urls) { $1 }
        variables["SMS_YUNTONGXUN_BASE_URL"] = sandbox
        let program = try Program.start(
            Program.built("sms-worker"), ["--operations-port", "\(operationsPort ?? workerOperationsPort)"] + options,
            environment: variables.merging(environment) { $1 })
        if ready { try await program.waitForLine(containing: "ready.") }
        return program
    }

    func startAPI(environment: [String: String] = [:], ready: Bool = true) async throws -> Program {
        let program = try Program.start(
            Program.built("sms-api"), ["--port", "\(apiPort)", "--operations-port", "\(apiOperationsPort)"],
            environment: urls.merging(environment) { $1 })
        try await program.waitForLine(containing: "listening on")
        if ready {
            try await eventually("sms-api is ready") { try await get("\(readiness(apiOperationsPort))").status == 200 }
        }
        return program
    }

    func readiness(_ port: Int) -> String { "http://127.0.0.1:\(port)/readyz" }

    // MARK: - What a user does

    struct Answer {
        var status: UInt
        var headers: [String: String]
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func get(_ url: String) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(15))
        let body = try await response.body.collect(upTo: 1 << 20)
        var headers: [String: String] = [:]
        for (name, value) in response.headers { headers[name.lowercased()] = value }
        return Answer(status: response.status.code, headers: headers, body: Array(buffer: body))
    }

    /// Asks for a captcha, reads its text with redis-cli, and asks for a code.
    func requestCode(_ mobile: String = mobile) async throws -> Answer {
        let id = UUID().uuidString.lowercased()
        let picture = try await get("\(api)/image_codes/\(id)/")
        #expect(picture.status == 200)
        let text = try await redis.cli("GET", "img_\(id)", database: 2)
        return try await get("\(api)/sms_codes/\(mobile)/?image_code=\(text)&image_code_id=\(id)")
    }

    struct Message: Decodable {
        var mobile: String
        var code: String
        var text: String
    }

    /// What the sandbox's phones received, the newest first.
    func messages(limit: Int = 100) async throws -> [Message] {
        let answer = try await get("\(sandbox)/messages?limit=\(limit)")
        return try JSONDecoder().decode([Message].self, from: Data(answer.body))
    }

    func broker(_ arguments: String...) async throws -> String {
        switch arguments.count {
        case 2: try await redis.cli(arguments[0], arguments[1], database: 3)
        case 3: try await redis.cli(arguments[0], arguments[1], arguments[2], database: 3)
        default: try await redis.cli(arguments[0], arguments[1], arguments[2], arguments[3], database: 3)
        }
    }

    func statistic(_ name: String) async throws -> String {
        try await broker("HGET", "{celery}:stats", name)
    }
}
