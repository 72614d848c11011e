import Logging
import RedisClient

@testable import TaskQueue

/// The real queue: takes each step of a history with the code that workers, senders and people use.
struct SimulatedSystem {
    let client: RedisClient
    let keys = QueueKeys(queue: "celery")
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private let registry: TaskRegistry
    private var brokers: [String: Broker] = [:]
    /// Every claim that a worker learned of.
    private var claims: [ClaimName: Claim] = [:]

    init(client: RedisClient) {
        self.client = client
        var registry = TaskRegistry()
        for task in SimulatedTask.allCases {
            var options = TaskOptions()
            options.unknownOutcome = task == .held ? .hold : .resend
            options.rateLimit = task.rate
            registry.register(TaskDefinition<Argument, NoResult>(task.rawValue, options: options)) { _, _ in }
        }
        self.registry = registry
    }

    private struct Argument: TaskArguments {
        var number: Int
        static let parameterNames = ["number"]
    }

    func snapshot() async throws -> String { try await RedisSnapshot.take(client) }

    /// Takes a step. Returns the answer that was given to who took it.
    mutating func take(_ step: Step) async throws -> String {
        switch step {
        case .send(let jobs):
            try await TaskProducer(client: client, queue: keys.queue).send(jobs.map(outgoing))
        case .push(let job, let times):
            let bytes: any RedisArgument = job.isUnreadable ? "\(job)" : outgoing(job).encoded()
            let list = job.band.list(of: keys.queue)
            _ = try await client.send(RedisCommand("LPUSH", arguments: [list] + Array(repeating: bytes, count: times)))
        case .renewLease(let worker):
            try await renewLease(worker)
        case .arrive(let worker, let band):
            _ = try await client.send(
                RedisCommand("LMOVE", band.list(of: keys.queue), keys.arriving(at: worker), "RIGHT", "LEFT"))
        case .claim(let worker, let most, let rooms, let isReplyLost):
            let lines = zip(SimulatedTask.withLine, rooms).map {
                LineRequest(task: $0.rawValue, rate: $0.rate, room: $1)
            }
            let result = try await broker(worker).claim(atMost: most, fromLines: lines)
            return isReplyLost ? "" : learn(result, worker)
        case .look(let worker):
            let found = try await broker(worker).claims(of: worker)
            for claim in found { claims[ClaimName(worker: worker, number: claim.number)] = claim }
            return "\(found.map { "\($0.number)=\(text($0.message))\($0.wasSent ? " sent" : "")" })"
        case .admit(let name, let hasRoom):
            let message = try message(of: name)
            let rate = SimulatedTask(rawValue: message.task)?.rate
            return "\(try await broker(name.worker).admit(claim(name), message, rate: rate, hasRoom: hasRoom))"
        case .passFence(let name):
            let attempt = try message(of: name).retries + 1
            return "\(try await broker(name.worker).passFence(claim(name), attempt: attempt))"
        case .settle(let worker, let numbers, let settlement, let wereSent):
            return "\(try await broker(worker).settle(numbers, as: settlement, wereSent: wereSent))"
        case .finish(let name, let jobs):
            let following = jobs.map(following)
            return "\(try await broker(name.worker).finish(claim(name), as: .succeeded, followedBy: following))"
        case .retry(let name, let minutes):
            let message = try message(of: name)
            return try await schedule(
                name, message.republished(retries: message.retries + 1, eta: .now), minutes, counter: "retried")
        case .postpone(let name, let minutes):
            return try await schedule(name, try message(of: name).republished(), minutes, counter: "scheduled")
        case .bury(let name, let jobs):
            let following = jobs.map(following)
            return "\(try await broker(name.worker).bury(claim(name), report("rejected"), followedBy: following))"
        case .giveBack(let worker, let isFinal):
            return "\(try await broker(worker).giveBack(isFinal: isFinal))"
        case .holdUnknown(let worker):
            try await takeover(by: worker).holdUnknown()
        case .promote(let worker):
            let lines = SimulatedTask.withLine.map { LineRequest(task: $0.rawValue, rate: $0.rate, room: 0) }
            let upcoming = try await broker(worker).promote(lines: lines)
            return "due \(days(upcoming.due)), start \(days(upcoming.start))"
        case .takeOver(let worker, let other):
            try await takeover(by: other).takeOver(worker)
        case .takeBack(let name, let other):
            let claim = try claim(name)
            let message = try? TaskMessage(claim.message)
            let bytes = message.map { $0.republished(redeliveries: $0.redeliveries + 1) } ?? claim.message
            return "\(try await broker(other).takeBack(claim, of: name.worker, as: bytes))"
        case .buryPoison(let name, let other):
            return "\(try await broker(other).bury(claim(name), of: name.worker, report("poison")))"
        case .forget(let worker, let other):
            return "\(try await broker(other).forget(worker))"
        case .crash(_, let successor):
            _ = broker(successor)
        case .leaseRunsOut(let worker):
            _ = try await client.send(RedisCommand("ZADD", keys.workers, "XX", 1, worker))
        case .passTime(let days):
            try await SimulatedTime.pass(days: days, keys, client)
        case .forgetScripts:
            _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
        case .dropConnections:
            _ = try await client.send(RedisCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"))
            while (try? await client.ping()) == nil {}
        case .pause:
            try await inspector.pause()
        case .resume:
            return "\(try await inspector.resume())"
        case .retryDeadLetter(let letter):
            guard let id = try await deadLetter(letter) else { return "false" }
            return "\(try await inspector.deadLetters.retry(.ids([id])).retried == 1)"
        }
        return ""
    }

    // MARK: - Parts of steps

    /// The worker renews its lease as often as it has to, however long its history takes.
    private mutating func renewLease(_ worker: String) async throws {
        try await broker(worker).renewLease()
        _ = try await client.send(RedisCommand("ZINCRBY", keys.workers, 1_000_000_000_000, worker))
    }

    private mutating func learn(_ result: ClaimResult, _ worker: String) -> String {
        switch result {
        case .paused: return "paused"
        case .leaseLost: return "lease lost"
        case .claimed(let new, let fromLines):
            for claim in new { claims[ClaimName(worker: worker, number: claim.number)] = claim }
            return "\(new.map { "\($0.number)=\(text($0.message))\($0.isAdmitted ? " admitted" : "")" }) \(fromLines)"
        }
    }

    private mutating func schedule(
        _ name: ClaimName, _ message: [UInt8], _ minutes: Int, counter: String
    ) async throws -> String {
        let delay = Duration.seconds(60 * minutes)
        return "\(try await broker(name.worker).schedule(claim(name), as: message, after: delay, counter: counter))"
    }

    /// The oldest dead letter of that text.
    private func deadLetter(_ text: String) async throws -> String? {
        for letter in try await inspector.deadLetters.list(limit: 1000).reversed() {
            let message = try await client.hashValue(keys.deadMessages, letter.id) ?? []
            if "\(self.text(message)),\(letter.reason)" == text { return letter.id }
        }
        return nil
    }

    private mutating func broker(_ worker: String) -> Broker {
        if let broker = brokers[worker] { return broker }
        var limits = DeadLetterLimits()
        limits.age = .seconds(QueueModel.deadLetterDays * 24 * 3600)
        let broker = Broker(keys: keys, worker: worker, client: client, deadLetterLimits: limits)
        brokers[worker] = broker
        return broker
    }

    private mutating func takeover(by worker: String) -> Takeover {
        Takeover(
            broker: broker(worker), registry: registry, results: nil,
            maximumRedeliveries: QueueModel.maximumRedeliveries, logger: logger)
    }

    private var inspector: QueueInspector { QueueInspector(client: client, queue: keys.queue) }

    private func claim(_ name: ClaimName) throws -> Claim {
        guard let claim = claims[name] else { throw HistoryError("nobody has learned of the claim \(name)") }
        return claim
    }

    private func message(of name: ClaimName) throws -> TaskMessage { try TaskMessage(claim(name).message) }

    // MARK: - Forms

    private func outgoing(_ job: Job) -> OutgoingTask {
        var task = OutgoingTask(
            task: job.task.rawValue, id: TaskID("\(job.number)"), queue: keys.queue,
            arguments: Array("[\(job.number)]".utf8))
        task.priority = job.band.rawValue
        task.headers = ["x-job": "\(job.number)"]
        if job.redeliveries > 0 {
            task.stamps = [(TaskMessage.redeliveriesHeader, Array("\(job.redeliveries)".utf8))]
        }
        return task
    }

    private func following(_ job: Job) -> FollowingMessage {
        FollowingMessage(outgoing(job))
    }

    private func report(_ reason: String) -> DeathReport {
        DeathReport(reason: reason, message: "", task: nil, taskID: nil, attempts: 1, worker: "", time: .now)
    }

    private func days(_ duration: Duration?) -> String {
        duration.map { "\(Int(($0 / .seconds(24 * 3600)).rounded()))" } ?? "never"
    }

    /// A message in the form of the model.
    private func text(_ raw: [UInt8]) -> String {
        guard let message = try? TaskMessage(raw) else { return String(decoding: raw, as: UTF8.self) }
        return "\(message.id)p\(message.priority.rawValue)" + (message.retries == 0 ? "" : "r\(message.retries)")
            + (message.redeliveries == 0 ? "" : "d\(message.redeliveries)")
    }
}

/// What went wrong in the history itself.
struct HistoryError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
