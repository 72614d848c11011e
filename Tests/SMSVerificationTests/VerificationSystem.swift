import Logging
import RedisClient
import Synchronization
import TaskQueue
import TestSupport
import Testing

@testable import SMSVerification

/// A clock that only tests move.
final class TestClock: Sendable {
    private let milliseconds = Mutex(1_800_000_000_000)
    var now: Int { milliseconds.withLock { $0 } }
    func advance(by seconds: Int) { milliseconds.withLock { $0 += seconds * 1000 } }
}

/// `/v1`'s flow with real servers, seen by one client.
struct VerificationSystem: Sendable {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let storeServer: RedisServer
    let brokerServer: RedisServer
    let store: RedisClient
    let broker: RedisClient
    var verification: PhoneVerification
    var limiter: SendLimiter
    let clock = TestClock()
    var client = ClientToken.random()
    var address = ClientAddress("192.0.2.1")

    static func run(
        secrets: StoredSecrets = .plain, table: LimitTable = LimitTable(), onOneServer: Bool = false,
        through proxy: (RedisServer) throws -> FaultProxy? = { _ in nil },
        _ body: (VerificationSystem) async throws -> Void
    ) async throws {
        let storeServer = try await RedisServer.start()
        let brokerServer = onOneServer ? storeServer : try await RedisServer.start()
        let port = try proxy(storeServer)?.port
        let storeURL = port.map { "redis://127.0.0.1:\($0)/2" } ?? storeServer.url(database: 2)
        var configurations = [
            RedisConfiguration(url: try RedisURL(storeURL)),
            RedisConfiguration(url: try RedisURL(brokerServer.url(database: 3))),
        ]
        for index in configurations.indices { configurations[index].whileDisconnected = .fail }
        let store = RedisClient(configurations[0], logger: logger)
        let broker = RedisClient(configurations[1], logger: logger)
        let system = VerificationSystem(
            storeServer: storeServer, brokerServer: brokerServer, store: store, broker: broker,
            verification: PhoneVerification(
                store: store, producer: TaskProducer(client: broker), broker: broker,
                limiter: SendLimiter(store: store, logger: logger, rules: { LimitRules() }), logger: logger),
            limiter: SendLimiter(store: store, logger: logger, rules: { LimitRules() })
        ).with(secrets, table)
        try await store.whileRunning {
            try await broker.whileRunning { try await body(system) }
        }
    }

    func with(_ secrets: StoredSecrets, _ table: LimitTable = LimitTable()) -> VerificationSystem {
        var system = self
        let rules = LimitRules(table)
        let limiter = SendLimiter(
            store: store, logger: Self.logger, clock: { [clock] in clock.now }, rules: { rules })
        system.limiter = limiter
        system.verification = PhoneVerification(
            store: store, producer: TaskProducer(client: broker), broker: broker, limiter: limiter, secrets: secrets,
            policy: VerificationPolicy(), logger: Self.logger)
        return system
    }

    // MARK: - What a client does

    func picture() async throws -> IssuedPicture {
        try await picture(of: CaptchaAlphabet.standard.text(length: 6))
    }

    func picture(of text: String) async throws -> IssuedPicture {
        let outcome = try await verification.issuePicture(of: text, to: client, at: nil)
        guard case .issued(let picture) = outcome else { throw TestError("no picture: \(outcome)") }
        return picture
    }

    func send(
        _ number: String, _ picture: PictureID, _ answer: String, name: String? = nil
    ) async throws -> StartOutcome {
        var proof = Proof()
        proof.picture = (picture, answer)
        return try await verification.start(
            StartRequest(
                mobile: try #require(MobileNumber(mainland: number)), client: client, address: address, proof: proof,
                idempotencyKey: name))
    }

    /// With a picture that is read right.
    func start(_ number: String) async throws -> StartedVerification {
        let picture = try await picture()
        let outcome = try await send(number, picture.id, picture.text)
        guard case .started(let started) = outcome else {
            throw TestError("not started: \(outcome)")
        }
        return started
    }

    func check(
        _ id: VerificationID, _ number: String, _ code: String, purpose: Purpose = .standard
    ) async throws -> CheckOutcome {
        try await verification.check(
            id, mobile: try #require(MobileNumber(mainland: number)), purpose: purpose, client: client,
            code: try #require(OneTimeCode(code)))
    }

    // MARK: - What is in Redis

    func jobs() async throws -> Int {
        try await broker.send(RedisCommand("LLEN", "celery")).integer
    }

    func lastJobID() async throws -> TaskID {
        TaskID(try TaskMessage(Array(try await brokerServer.cli("LINDEX", "celery", "0", database: 3).utf8)).id)
    }

    func lastJob() async throws -> (mobile: String, code: String)? {
        let message = try await brokerServer.cli("LINDEX", "celery", "0", database: 3)
        guard let body = message.firstRange(of: #"[[\""#) else { return nil }
        let texts = message[body.upperBound...].split(separator: #"\""#)
        return (String(texts[0]), String(texts[2]))
    }

    func lastSealedJob(_ keys: SealingKeys) async throws -> SendCodeArguments? {
        guard let (_, sealed) = try await lastJob() else { return nil }
        var arguments = SendSealedCodeArguments(try #require(MobileNumber(mainland: "13800138000")), sealed: sealed)
        arguments.sealed = sealed
        return arguments.opened(with: keys)
    }

    /// Every key of the store, and all that is in it.
    func dump() async throws -> String {
        var texts: [String] = []
        for key in try await store.send(RedisCommand("KEYS", "*")).array {
            let name = try key.text
            texts.append(name)
            texts.append(
                "\(try await store.send(RedisCommand("DUMP", name)).bytes.map { Character(UnicodeScalar($0)) })")
            let kind = try await store.send(RedisCommand("TYPE", name)).text
            let command = kind == "hash" ? RedisCommand("HGETALL", name) : RedisCommand("GET", name)
            texts.append("\(try await store.send(command))")
        }
        return texts.joined(separator: "\n")
    }
}
