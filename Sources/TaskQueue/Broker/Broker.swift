internal import RedisClient
import Synchronization

/// One worker's view of one queue in Redis: every move of a message is one atomic step.
final class Broker: Sendable {
    /// How long a worker's word holds that it is alive, and how often it gives it. Together with the takeover's period
    /// they keep the promise that a dead worker's messages are back within ten seconds.
    static let lease = Duration.seconds(7)
    static let leaseRenewal = Duration.seconds(2)
    /// Shorter than a lease less a renewal: no message can still arrive at a worker that was given up.
    static let longestArrivalWait = Duration.seconds(3)
    /// As many claims as one step ends.
    static let largestSettlement = 1000
    /// How much time one sample of the history stands for, and how many there are: an hour in all.
    static let historySlot = Duration.seconds(10)
    static let historySlots = 360
    /// As many scheduled messages as one step moves.
    static let largestPromotion = 100

    let keys: QueueKeys
    let worker: String
    let client: RedisClient
    let clock: ServerClock
    let deadLetterLimits: DeadLetterLimits
    private let scripts = QueueScripts()
    private let nextClaimNumber = Mutex(1)

    init(
        keys: QueueKeys, worker: String, client: RedisClient, clock: ServerClock = ServerClock(),
        deadLetterLimits: DeadLetterLimits = DeadLetterLimits()
    ) {
        self.keys = keys
        self.worker = worker
        self.client = client
        self.clock = clock
        self.deadLetterLimits = deadLetterLimits
    }

    /// Begins or prolongs the worker's lease.
    func renewLease() async throws(RedisError) {
        let time = try await client.run(
            scripts.renew, keys: [keys.workers, keys.claimed(by: worker), keys.held(by: worker)],
            arguments: [worker, Self.lease.wholeMilliseconds])
        clock.adjust(to: try time.integer)
    }

    /// Adds to the history's present sample, or begins it.
    ///
    /// - Parameters:
    ///   - held: How many messages the worker holds.
    ///   - slot: How much time a sample stands for.
    ///   - slots: How many samples there are at most.
    func record(
        held: Int, wait: TimeDistribution, run: TimeDistribution, slot: Duration, slots: Int = Broker.historySlots
    ) async throws(RedisError) {
        _ = try await client.run(
            scripts.record,
            keys: keys.waiting + [keys.scheduled, keys.dead, keys.workers, keys.statistics, keys.history],
            arguments: [slot.wholeMilliseconds, slots, held, wait.json, run.json])
    }

    /// Takes up to so many messages, those first that waited for the limits of their tasks.
    func claim(atMost count: Int, fromLines lines: [LineRequest] = []) async throws(RedisError) -> ClaimResult {
        // Also when no reply tells what was claimed, its numbers are never given again.
        let first = nextClaimNumber.withLock { next in
            defer { next += count }
            return next
        }
        var keys =
            self.keys.waiting + [
                self.keys.paused, self.keys.arriving(at: worker), self.keys.claimed(by: worker), self.keys.workers,
                self.keys.statistics,
            ]
        var arguments: [any RedisArgument] = [worker, count, first]
        for line in lines {
            keys += [self.keys.line(of: line.task), QueueKeys.rate(of: line.task)]
            arguments += [line.room] + RateLimit.arguments(of: line.rate)
        }
        let reply = try await client.run(scripts.claim, keys: keys, arguments: arguments).array
        switch try reply.first?.text {
        case "paused": return .paused
        case "no-lease": return .leaseLost
        default: break
        }
        clock.adjust(to: try reply[1].integer)
        var fromLines: [Int] = []
        for count in try reply[2].array { fromLines.append(try count.integer) }
        // Those of the lines come first, in the lines' order.
        var admitted = zip(lines, fromLines).flatMap { line, count in repeatElement(line.task, count: count) }[...]
        var claims: [Claim] = []
        claims.reserveCapacity(reply.count - 3)
        for (index, message) in reply.dropFirst(3).enumerated() {
            claims.append(
                Claim(number: first + index, message: try message.bytes, admittedTask: admitted.popFirst()))
        }
        return .claimed(claims, fromLines: fromLines)
    }

    /// Asks whether a task with limits may start; if not, its message goes to the task's line in the form given.
    func admit(
        _ claim: Claim, _ message: TaskMessage, rate: RateLimit?, hasRoom: Bool
    ) async throws(RedisError) -> Admission {
        let answer = try await client.run(
            scripts.admit,
            keys: [
                keys.claimed(by: worker), keys.line(of: message.task), QueueKeys.rate(of: message.task),
                keys.tasksWithLine, keys.statistics,
            ],
            arguments: [
                claim.number, message.task, message.priority.index, hasRoom ? "1" : "0",
            ] + RateLimit.arguments(of: rate) + [message.republished(), keys.wakeUps]
        ).integer
        return answer == 1 ? .admitted : answer == 0 ? .movedToLine : .claimLost
    }

    /// Checks right before an effect that the claim still stands and the message is still good, and records that the
    /// attempt goes out.
    func passFence(
        _ claim: Claim, attempt: Int, expires: WireTime? = nil
    ) async throws(RedisError) -> FenceAnswer {
        let answer = try await client.run(
            scripts.fence, keys: [keys.claimed(by: worker), keys.workers],
            arguments: [worker, claim.number, attempt, expires.map { "\($0.milliseconds)" } ?? ""]
        ).integer
        return answer == 1 ? .passed : answer == 0 ? .claimLost : .expired
    }

    /// Ends up to ``largestSettlement`` claims. Returns how many were still the worker's own.
    ///
    /// - Parameter wereSent: An attempt of any of them may have passed the fence.
    func settle(_ numbers: [Int], as settlement: Settlement, wereSent: Bool) async throws(RedisError) -> Int {
        var arguments: [any RedisArgument] = [settlement.rawValue, wereSent ? "1" : "0"]
        arguments.reserveCapacity(numbers.count + 2)
        for number in numbers { arguments.append(number) }
        return try await client.run(
            scripts.settle, keys: [keys.claimed(by: worker), keys.statistics], arguments: arguments
        ).integer
    }

    /// Ends one claim and sends what follows, in one step, or does nothing.
    func finish(
        _ claim: Claim, as settlement: Settlement, followedBy messages: [FollowingMessage]
    ) async throws(RedisError) -> Finish {
        let answer = try await client.run(
            scripts.finish,
            keys: [keys.claimed(by: worker), keys.statistics] + messages.map(\.list),
            arguments: [claim.number, settlement.rawValue] + messages.map { $0.message as any RedisArgument }
        ).integer
        return answer == 1 ? .finished : answer == 0 ? .claimLost : .noList
    }

    /// Takes back a start that a message of a task's line used up and did not need.
    func returnStart(of task: String, rate: RateLimit) async throws(RedisError) {
        _ = try await client.run(
            scripts.returnStart, keys: [QueueKeys.rate(of: task)], arguments: RateLimit.arguments(of: rate))
    }

    /// Puts messages on their lists that depend on no claim.
    func send(_ messages: [FollowingMessage]) async throws(RedisError) {
        guard !messages.isEmpty else { return }
        for reply in try await client.send(messages.map { RedisCommand("LPUSH", $0.list, $0.message) }) {
            if case .error(let text) = reply { throw RedisError(serverError: text) }
        }
    }

    /// Ends a claim by scheduling the message in its new form.
    func schedule(
        _ claim: Claim, as message: [UInt8], after delay: Duration, counter: String
    ) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.schedule, keys: [keys.claimed(by: worker), keys.scheduled, keys.statistics],
            arguments: [
                claim.number, message, min(delay, .longestOnTheWire).wholeMilliseconds, counter, keys.wakeUps,
            ]
        ).integer == 1
    }

    /// Moves what is due to the waiting lists, at most a hundred messages, and drops dead letters that are kept no
    /// longer. Returns when there is more to do.
    func promote(lines: [LineRequest] = []) async throws(RedisError) -> Upcoming {
        var keys =
            self.keys.waiting + [
                self.keys.scheduled, self.keys.tasksWithLine, self.keys.dead, self.keys.deadMessages,
                self.keys.deadDetails, self.keys.statistics,
            ]
        var arguments: [any RedisArgument] = [
            Self.largestPromotion, deadLetterLimits.number, deadLetterLimits.ageInMilliseconds,
        ]
        for line in lines {
            keys += [self.keys.line(of: line.task), QueueKeys.rate(of: line.task)]
            arguments += RateLimit.arguments(of: line.rate)
        }
        let reply = try await client.run(scripts.promote, keys: keys, arguments: arguments).array
        func duration(_ milliseconds: Int) -> Duration? { milliseconds < 0 ? nil : .milliseconds(milliseconds) }
        var upcoming = Upcoming(due: duration(try reply[0].integer), start: duration(try reply[1].integer))
        for name in try reply[2].array { upcoming.tasksWithLine.insert(try name.text) }
        return upcoming
    }

    /// Ends a claim by putting its message among the dead letters, and sends what follows the failure.
    func bury(
        _ claim: Claim, of owner: String? = nil, _ report: DeathReport, followedBy messages: [FollowingMessage] = []
    ) async throws(RedisError) -> Bool {
        try await client.run(
            scripts.bury,
            keys: [
                keys.claimed(by: owner ?? worker), keys.dead, keys.deadMessages, keys.deadDetails, keys.statistics,
                keys.workers,
            ] + messages.map(\.list),
            arguments: [
                claim.number, TaskID.random().text, report.encoded(), deadLetterLimits.number,
                deadLetterLimits.ageInMilliseconds, owner ?? "",
            ] + messages.map { $0.message as any RedisArgument }
        ).integer == 1
    }

    /// Gives back all that the worker still holds. Returns how many went back.
    ///
    /// - Parameter isFinal: Nothing can arrive any more: the lease ends too.
    func giveBack(isFinal: Bool) async throws(RedisError) -> Int {
        let numbers = try await claims(of: worker).map(\.number)
        return try await client.run(
            scripts.giveBack,
            keys: keys.waiting + [
                keys.arriving(at: worker), keys.claimed(by: worker), keys.workers, keys.statistics,
                keys.held(by: worker),
            ],
            arguments: [worker, isFinal ? "1" : "0"] + numbers.map { $0 as any RedisArgument }
        ).integer
    }

    /// Gives back what has come while the worker waited, and it has no place for.
    func returnArriving() async throws(RedisError) {
        _ = try await client.run(
            scripts.returnArriving, keys: keys.waiting + [keys.arriving(at: worker)], arguments: [])
    }

    // MARK: - Other workers

    /// Workers whose lease has run out.
    func overdueWorkers() async throws(RedisError) -> [String] {
        var names: [String] = []
        for name in try await client.run(scripts.overdue, keys: [keys.workers]).array { names.append(try name.text) }
        return names
    }

    /// What a worker holds, the newest claim first.
    func claims(of owner: String) async throws(RedisError) -> [Claim] {
        let fields = try await client.hash(keys.claimed(by: owner))
        let names = Set(fields.map(\.field))
        return fields.compactMap { field, message in
            Int(field).map { Claim(number: $0, message: message, wasSent: names.contains("\($0):sent")) }
        }.sorted { $0.number > $1.number }
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
            keys: keys.waiting + [
                keys.arriving(at: owner), keys.claimed(by: owner), keys.workers, keys.held(by: owner),
            ],
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

    var ageInMilliseconds: Int { min(age, .longestOnTheWire).wholeMilliseconds }
}
