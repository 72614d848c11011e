internal import RedisClient

/// One worker's view of one queue in Redis: every move of a message is one atomic step.
struct Broker: Sendable {
    /// How long a worker's word holds that it is alive, and how often it gives it. Together with the takeover's period
    /// they keep the promise that a dead worker's messages are back within ten seconds.
    static let lease = Duration.seconds(8)
    static let leaseRenewal = Duration.seconds(2)
    /// Shorter than a lease less a renewal: no message can still arrive at a worker that was given up.
    static let longestArrivalWait = Duration.seconds(3)

    let keys: QueueKeys
    let worker: String
    let client: RedisClient
    let deadLetterLimits: DeadLetterLimits
    private let scripts = QueueScripts()

    init(keys: QueueKeys, worker: String, client: RedisClient, deadLetterLimits: DeadLetterLimits) {
        self.keys = keys
        self.worker = worker
        self.client = client
        self.deadLetterLimits = deadLetterLimits
    }

    /// Begins or prolongs the worker's lease.
    func renewLease() async throws(RedisError) {
        _ = try await client.run(
            scripts.renew, keys: [keys.workers], arguments: [worker, Self.lease.wholeMilliseconds])
    }

    /// Takes up to so many messages.
    func claim(atMost count: Int) async throws(RedisError) -> ClaimResult {
        let reply = try await client.run(
            scripts.claim,
            keys: keys.waiting + [
                keys.paused, keys.arriving(at: worker), keys.claimed(by: worker), keys.workers, keys.statistics,
            ],
            arguments: [worker, count]
        ).array
        switch try reply.first?.text {
        case "paused": return .paused
        case "no-lease": return .leaseLost
        default: break
        }
        var claims: [Claim] = []
        for index in stride(from: 1, to: reply.count - 1, by: 2) {
            claims.append(Claim(number: try reply[index].text, message: try reply[index + 1].bytes))
        }
        return .claimed(claims)
    }

    /// Checks right before an effect that the claim still stands, and records that the attempt goes out.
    func passFence(_ claim: Claim, attempt: Int) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.fence, keys: [keys.claimed(by: worker), keys.workers], arguments: [worker, claim.number, attempt]
        ).integer == 1
    }

    /// Ends claims; false for one that was no longer the worker's own.
    func settle(_ claims: [(number: String, as: Settlement)]) async throws(RedisError) -> [Bool] {
        var arguments: [any RedisArgument] = []
        for claim in claims { arguments += [claim.number, claim.as.rawValue] }
        let reply = try await client.run(
            scripts.settle, keys: [keys.claimed(by: worker), keys.statistics], arguments: arguments)
        var settled: [Bool] = []
        for value in try reply.array { settled.append(try value.integer == 1) }
        return settled
    }

    /// Ends a claim by scheduling the message in its new form.
    func schedule(
        _ claim: Claim, as message: [UInt8], after delay: Duration, counter: String
    ) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.schedule, keys: [keys.claimed(by: worker), keys.scheduled, keys.statistics],
            arguments: [claim.number, message, delay.wholeMilliseconds, counter]
        ).integer == 1
    }

    /// Moves what is due to the waiting lists. Returns when the next one is due, nil when nothing is scheduled.
    func promote() async throws(RedisError) -> Duration? {
        let milliseconds = try await client.run(
            scripts.promote, keys: keys.waiting + [keys.scheduled], arguments: [100]
        ).integer
        return milliseconds < 0 ? nil : .milliseconds(milliseconds)
    }

    /// Ends a claim by putting its message among the dead letters.
    func bury(_ claim: Claim, of owner: String? = nil, _ report: DeathReport) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.bury,
            keys: [
                keys.claimed(by: owner ?? worker), keys.dead, keys.deadMessages, keys.deadDetails, keys.statistics,
                keys.workers,
            ],
            arguments: [
                claim.number, TaskID.random().text, report.encoded(), deadLetterLimits.number,
                deadLetterLimits.age.wholeMilliseconds, owner ?? "",
            ]
        ).integer == 1
    }

    /// Gives back all that the worker still holds. Returns how many went back.
    ///
    /// - Parameter isFinal: Nothing can arrive any more: the lease ends too.
    func giveBack(isFinal: Bool) async throws(RedisError) -> Int {
        let numbers = try await claims(of: worker).map(\.claim.number)
        return try await client.run(
            scripts.giveBack,
            keys: keys.waiting + [
                keys.arriving(at: worker), keys.claimed(by: worker), keys.workers, keys.statistics,
            ],
            arguments: [worker, isFinal ? "1" : "0"] + numbers.map { $0 as any RedisArgument }
        ).integer
    }

    // MARK: - Other workers

    /// Workers whose lease has run out.
    func overdueWorkers() async throws(RedisError) -> [String] {
        var names: [String] = []
        for name in try await client.run(scripts.overdue, keys: [keys.workers]).array { names.append(try name.text) }
        return names
    }

    /// What a worker holds, the newest claim first, and whether an attempt had gone out.
    func claims(of owner: String) async throws(RedisError) -> [(claim: Claim, wasSent: Bool)] {
        var messages: [(number: Int, message: [UInt8])] = []
        var sent: Set<String> = []
        for (field, value) in try await client.hash(keys.claimed(by: owner)) {
            if let number = Int(field) {
                messages.append((number, value))
            } else {
                sent.insert(field)
            }
        }
        messages.sort { $0.number > $1.number }
        return messages.map {
            (Claim(number: String($0.number), message: $0.message), sent.contains("\($0.number):sent"))
        }
    }

    /// Takes a message from a worker whose lease has run out.
    func takeBack(_ claim: Claim, of owner: String, as message: [UInt8]) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.takeBack,
            keys: keys.waiting + [keys.claimed(by: owner), keys.workers, keys.statistics],
            arguments: [owner, claim.number, message]
        ).integer == 1
    }

    /// Strikes a dead worker off once nothing is left of it.
    func forget(_ owner: String) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.forget,
            keys: keys.waiting + [keys.arriving(at: owner), keys.claimed(by: owner), keys.workers],
            arguments: [owner]
        ).integer == 1
    }
}

/// How many dead letters are kept, and for how long.
public struct DeadLetterLimits: Sendable, Hashable {
    /// The oldest go when there are more.
    public var number = 100_000
    /// Older ones go.
    public var age: Duration = .seconds(30 * 24 * 3600)

    /// A hundred thousand, thirty days.
    public init() {}
}
