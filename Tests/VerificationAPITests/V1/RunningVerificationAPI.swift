import CaptchaImage
import Foundation
import Logging
import NIOHTTP1
import RedisClient
import SMSVerification
import TaskQueue
import TestSupport
import Testing
import VerificationAPI

/// All routes of sms-api in this process, with real servers for store and broker. Its pictures are their texts' bytes.
struct RunningVerificationAPI: Sendable {
    static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let api: RunningAPI
    let storeServer: RedisServer
    let brokerServer: RedisServer

    /// - Parameter rights: What the service may do in the store and in the broker, as ACL rules; nil: everything.
    static func run(
        hops: TrustedHops = .none, logger: Logger = silent, rights: (store: String, broker: String)? = nil,
        configure: (inout VerificationRouter.Version1) -> Void = { _ in },
        _ body: (RunningVerificationAPI) async throws -> Void
    ) async throws {
        func server(_ rights: String?) async throws -> RedisServer {
            try await RedisServer.start(users: rights.map { ["api on >secret \($0)"] } ?? [])
        }
        let (storeServer, brokerServer) = (try await server(rights?.store), try await server(rights?.broker))
        func client(_ url: String) throws -> RedisClient {
            let url = rights == nil ? url : url.replacing("redis://", with: "redis://api:secret@")
            var configuration = RedisConfiguration(url: try RedisURL(url))
            configuration.whileDisconnected = .fail
            return RedisClient(configuration, logger: logger)
        }
        let (store, broker) = (
            try client(storeServer.url(database: 2)), try client(brokerServer.url(database: 3))
        )
        let producer = TaskProducer(client: broker)
        let limiter = SendLimiter(store: store, logger: logger, rules: { LimitRules() })
        var version1 = VerificationRouter.Version1(
            verification: PhoneVerification(
                store: store, producer: producer, broker: broker, limiter: limiter, logger: logger),
            pictures: PictureStock(
                makeText: { CaptchaAlphabet.standard.text(length: 6) }, draw: { Array($0.utf8) }),
            work: ProofOfWork(key: .random()),
            receipts: try await ReceiptSigner(
                ReceiptConfiguration(issuer: "https://sms.example", audience: "shop"),
                key: .ephemeral(logger: silent)))
        configure(&version1)
        let router = VerificationRouter(
            flow: VerificationService(store: store, producer: producer, limiter: limiter, logger: logger),
            version1: version1, drawCaptcha: { Array($0.utf8) }, hops: hops)
        try await store.whileRunning {
            try await broker.whileRunning {
                try await withServer(of: router, logger: logger) { api in
                    try await body(
                        RunningVerificationAPI(api: api, storeServer: storeServer, brokerServer: brokerServer))
                }
            }
        }
    }

    /// A client that the service does not know yet.
    func caller() -> Caller { Caller(system: self) }

    // MARK: - What is in Redis

    func jobs() async throws -> Int {
        try #require(Int(try await brokerServer.cli("LLEN", "celery", database: 3)))
    }

    func lastJob() async throws -> String { try await brokerServer.cli("LINDEX", "celery", "0", database: 3) }

    func lastCode() async throws -> String {
        let parts = try await lastJob().split(separator: #"\""#)
        return try #require(parts.first { $0.count == 6 && $0.allSatisfy(\.isNumber) }.map { String($0) })
    }

    func storedKeys() async throws -> [String] {
        try await storeServer.cli("KEYS", "*", database: 2).split(separator: "\n").map { String($0) }.sorted()
    }

    func block(_ mobile: String) async throws {
        try await storeServer.cli("SET", "sms:blocked:\(mobile)", "1", database: 2)
    }
}

/// One client of `/v1`: what it sends carries its token.
struct Caller: Sendable {
    let system: RunningVerificationAPI
    var token = ClientToken.random().text
    var headers: [(String, String)] = []

    func post(
        _ path: String, _ fields: [String: String] = [:], headers: [(String, String)] = []
    ) async throws -> RunningAPI.Answer {
        let body = try JSONEncoder().encode(fields.merging(["client_token": token]) { given, _ in given })
        return try await system.api.send(
            .POST, "/v1/\(path)", headers: [("Content-Type", "application/json")] + self.headers + headers,
            body: Array(body))
    }

    /// The fields that answer a new picture.
    func picture() async throws -> [String: String] {
        let answer = try await post("captchas")
        #expect(answer.status == 201, "\(answer.text)")
        let image = try answer.member("image", String.self).replacing("data:image/png;base64,", with: "")
        let text = String(decoding: try #require(Data(base64Encoded: image)), as: UTF8.self)
        return ["captcha_id": try answer.member("id", String.self), "captcha_answer": text]
    }

    /// Asks for a code, with a picture that is read right.
    func start(
        _ mobile: String, _ fields: [String: String] = [:], headers: [(String, String)] = []
    ) async throws -> RunningAPI.Answer {
        let all = try await picture().merging(fields) { _, given in given }.merging(["mobile": mobile]) { one, _ in one
        }
        return try await post("verifications", all, headers: headers)
    }

    /// The id of a verification that has begun.
    func started(_ mobile: String) async throws -> String {
        let answer = try await start(mobile)
        try #require(answer.status == 202, "\(answer.text)")
        return try answer.member("id", String.self)
    }

    func check(_ id: String, _ mobile: String, _ code: String) async throws -> RunningAPI.Answer {
        try await post("verifications/check", ["id": id, "mobile": mobile, "code": code])
    }
}

extension RunningAPI.Answer {
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any], "\(text)")
    }

    func member<Value>(_ name: String, _: Value.Type) throws -> Value {
        try #require(try object()[name] as? Value, "\(name) of \(text)")
    }

    /// What a client can tell apart, beside times.
    func shape() throws -> [String] {
        ["\(status)"] + (try object().keys.sorted()) + headers.map(\.name).sorted()
    }

    /// Which kind of problem it is; the answer keeps to RFC 9457 and is not cached.
    func problem() throws -> String {
        #expect(headers["Content-Type"] == ["application/problem+json"])
        #expect(headers["Cache-Control"] == ["no-store"])
        #expect(try member("status", Int.self) == status)
        #expect(try !member("title", String.self).isEmpty)
        #expect(try !member("detail", String.self).isEmpty)
        let type = try member("type", String.self)
        #expect(type.hasPrefix("urn:sms-queue:problem:"))
        return type.replacing("urn:sms-queue:problem:", with: "")
    }
}
