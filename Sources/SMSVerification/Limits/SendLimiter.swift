public import Logging
public import Metrics
public import RedisClient

/// Decides whether a message may be sent, and counts it, in one atomic step: all limits are charged, or none.
///
/// It counts in swift-metrics: `limits.refused` with `limit`, `limits.proofs` (callers who had to bring more) and
/// `budget.alarm` with `budget`.
public struct SendLimiter: Sendable {
    let store: RedisClient
    private let logger: Logger
    private let metrics: any MetricsFactory
    private let clock: (@Sendable () -> Int)?
    private let rules: @Sendable () -> LimitRules

    /// Makes a limiter.
    ///
    /// - Parameters:
    ///   - store: Where sends are counted.
    ///   - logger: For refusals and alarms; it is told no subjects.
    ///   - metrics: Where they are counted, by default the process' own factory.
    ///   - clock: Milliseconds since 1970, for tests; nil for the server's clock.
    ///   - rules: The limits now in force, such as ``LimitTableFile/rules``.
    public init(
        store: RedisClient, logger: Logger, metrics: any MetricsFactory = MetricsSystem.factory,
        clock: (@Sendable () -> Int)? = nil, rules: @escaping @Sendable () -> LimitRules
    ) {
        self.store = store
        self.logger = logger
        self.metrics = metrics
        self.clock = clock
        self.rules = rules
    }

    /// Counts a message, or says why not.
    ///
    /// - Parameters:
    ///   - subjects: Whom it concerns.
    ///   - send: A name of this one message, without spaces and semicolons, which no other has: also a resend of the
    ///     same code needs its own.
    ///   - proof: What the caller has brought.
    /// - Throws: ``RedisError``.
    public func charge(
        _ subjects: SendSubjects, send: String, proof: ProofLevel
    ) async throws(RedisError) -> SendDecision {
        let block = block(subjects, send: send)
        return try observed(
            try await store.run(
                block.rules.scripts.charge, keys: block.keys,
                arguments: [proof.rank] as [any RedisArgument] + block.arguments),
            of: block)
    }

    /// Takes back what a message was charged that could not be sent after all.
    ///
    /// - Returns: False when there was nothing to take back: it was done before, or the send is confirmed or expired.
    /// - Throws: ``RedisError``.
    @discardableResult
    public func refund(_ charge: SendCharge) async throws(RedisError) -> Bool {
        var block = charge.block
        block.now = clock?()
        let arguments = [charge.moment] as [any RedisArgument] + block.arguments
        return try await store.run(block.rules.scripts.refund, keys: block.keys, arguments: arguments).integer == 1
    }

    /// Notes that a code was entered rightly, which widens the credit window of its prefix.
    ///
    /// - Parameters:
    ///   - sends: The names of all messages that brought the code.
    ///   - prefix: The prefix under which they were charged.
    /// - Returns: How many of them were unresolved.
    /// - Throws: ``RedisError``.
    @discardableResult
    public func confirm(sends: [String], prefix: String) async throws(RedisError) -> Int {
        guard !sends.isEmpty else { return 0 }
        let (scripts, key, now) = resolution(prefix: prefix)
        return try await store.run(scripts.resolve, keys: [key], arguments: [now] + sends).integer
    }

    /// The scripts of more purposes, and key and time with which one resolves what was sent to a prefix.
    func resolution(prefix: String) -> (scripts: LimitScripts, key: String, now: String) {
        let (rules, now) = presentRules
        return (rules.scripts, ChargeBlock.creditKey(prefix: prefix), now)
    }

    /// The rules in force, and the time as scripts take it: empty for the server's.
    var presentRules: (rules: LimitRules, now: String) {
        (rules(), clock.map { String($0()) } ?? "")
    }

    /// Keys and arguments for a script of more purposes of its rules; see ``observed(_:of:)``.
    func block(_ subjects: SendSubjects, send: String) -> ChargeBlock {
        ChargeBlock(rules: rules(), subjects: subjects, send: send, now: clock?())
    }

    /// Reads what `decide` or `charge` returned in such a script, logs and counts it.
    func observed(_ reply: RESPValue, of block: ChargeBlock) throws(RedisError) -> SendDecision {
        let decision = try SendDecision(reply, of: block)
        switch decision {
        case .charged(let charge):
            for budget in charge.alarms {
                logger.warning(
                    "\(block.rules.table.alarmPercent) % of a budget are spent", metadata: ["budget": "\(budget)"])
                Counter(label: "budget.alarm", dimensions: [("budget", budget)], factory: metrics).increment()
            }
        case .needsProof:
            Counter(label: "limits.proofs", dimensions: [], factory: metrics).increment()
        case .refused(let refusal):
            logger.info("a message was refused", metadata: ["limit": "\(refusal.limit)"])
            Counter(label: "limits.refused", dimensions: [("limit", refusal.limit)], factory: metrics).increment()
        }
        return decision
    }
}
