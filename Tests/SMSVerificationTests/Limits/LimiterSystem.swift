import Logging
import Metrics
import MetricsTestKit
import RedisClient
import TestSupport

@testable import SMSVerification

/// A limiter on a real server of its own, with a clock that the test sets.
struct LimiterSystem {
    let server: RedisServer
    let client: RedisClient
    let limiter: SendLimiter
    let metrics: TestMetrics
    private let moment: Locked<Int>

    /// Milliseconds since 1970; it begins with a full day.
    var now: Int {
        get { moment.withLock { $0 } }
        nonmutating set { moment.withLock { $0 = newValue } }
    }

    static func run(_ table: LimitTable = LimitTable(), _ body: (LimiterSystem) async throws -> Void) async throws {
        let server = try await RedisServer.start()
        let client = RedisClient(RedisConfiguration(url: try RedisURL(server.url())), logger: .quietForTests)
        let moment = Locked(20_000 * 86_400_000)
        let metrics = TestMetrics()
        let rules = LimitRules(table)
        let limiter = SendLimiter(
            store: client, logger: .quietForTests, metrics: metrics, clock: { moment.withLock { $0 } }, rules: { rules }
        )
        try await client.whileRunning {
            try await body(
                LimiterSystem(server: server, client: client, limiter: limiter, metrics: metrics, moment: moment))
        }
    }

    /// Charges a message for a subject of each kind; the name of the send is one that no other has.
    func charge(
        _ number: String = "number", prefix: String = "prefix", country: String = "86", address: String? = nil,
        session: String? = nil, send: String? = nil, proof: ProofLevel = .both(pressure: 4)
    ) async throws -> SendDecision {
        let subjects = SendSubjects(
            number: number, prefix: prefix, country: country, address: address, session: session)
        return try await limiter.charge(subjects, send: send ?? "\(UInt64.random(in: 0 ... .max))", proof: proof)
    }

    /// What is stored, for comparison.
    func contents() async throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for key in try await client.send(RedisCommand("KEYS", "*")).array {
            let name = try key.text
            contents[name] = try await client.send(RedisCommand("GET", name)).bytes
        }
        return contents
    }
}

extension SendDecision {
    var charge: SendCharge? { if case .charged(let charge) = self { charge } else { nil } }
    var refusal: SendRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var proof: ProofLevel? { if case .needsProof(let level) = self { level } else { nil } }
}

extension LimitTable {
    /// Nothing is limited but by these limits; credit is wide.
    static func only(_ limits: SendLimit...) -> LimitTable {
        var table = LimitTable()
        table.waits = []
        table.limits = limits
        table.budgets = []
        table.credit.start = 1000
        table.credit.ceiling = 1000
        return table
    }
}

extension Logger {
    static let quietForTests = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
}
