internal import RedisClient

/// One scheduler's view of the periodic tasks of a queue in Redis: every step is atomic.
struct PeriodicBroker: Sendable {
    /// How long a leader's word holds that it is alive.
    static let lease = Duration.seconds(10)
    /// As many messages as one step sends.
    static let mostInOneStep = 500

    /// What a look at the leadership brings, with the server's time.
    enum Leadership: Sendable {
        /// This scheduler leads; up to when each task's due times are dealt with, in the order of the tasks.
        case leads(now: WireTime, records: [Record])
        /// Another one leads; what is left of its lease, nil: it has no end.
        case follows(remaining: Duration?)
    }

    /// Up to when a task's due times are dealt with.
    struct Record: Sendable {
        /// As it stands in Redis.
        let text: String
        let time: WireTime
    }

    let keys: QueueKeys
    let scheduler: String
    let client: RedisClient
    private let scripts = QueueScripts()

    init(keys: QueueKeys, scheduler: String, client: RedisClient) {
        self.keys = keys
        self.scheduler = scheduler
        self.client = client
    }

    /// Takes the leadership where there is none, or keeps it for another lease.
    func lead(_ tasks: [PeriodicTask]) async throws(RedisError) -> Leadership {
        var arguments: [any RedisArgument] = [scheduler, Self.lease.wholeMilliseconds]
        for task in tasks { arguments += [task.name, task.schedule.description] }
        let reply = try await client.run(
            scripts.lead, keys: [keys.scheduler, keys.periodic, keys.periodicSchedules], arguments: arguments
        ).array
        guard reply.count >= 2 else {
            throw RedisError(.unexpectedReply, "lead.lua answers with too little", mayHaveBeenExecuted: true)
        }
        let now = WireTime(microseconds: try reply[0].integer * 1000)
        guard try reply[1].text == "leads" else {
            let remaining = try reply.last?.integer ?? -1
            return .follows(remaining: remaining < 0 ? nil : .milliseconds(remaining))
        }
        var records: [Record] = []
        for value in reply.dropFirst(2) {
            records.append(
                Record(text: try value.text, time: WireTime(microseconds: try value.integer * 1000)))
        }
        return .leads(now: now, records: records)
    }

    /// Sends a task's due runs and records up to when; false when this scheduler does not lead, or the record is another
    /// one. Many runs go in several steps, each of which records what it has sent.
    func fire(_ task: PeriodicTask, _ runs: DueRuns, after record: Record) async throws(RedisError) -> Bool {
        var recorded = record.text
        var rest = runs.sent[...]
        while rest.count > Self.mostInOneStep, let last = rest.prefix(Self.mostInOneStep).last {
            guard try await fire(task, rest.prefix(Self.mostInOneStep), from: recorded, upTo: last) else {
                return false
            }
            recorded = "\(last.milliseconds)"
            rest = rest.dropFirst(Self.mostInOneStep)
        }
        return try await fire(task, rest, from: recorded, upTo: runs.last)
    }

    private func fire(
        _ task: PeriodicTask, _ times: ArraySlice<WireTime>, from recorded: String, upTo last: WireTime
    ) async throws(RedisError) -> Bool {
        let queue = task.queue ?? keys.queue
        var arguments: [any RedisArgument] = [scheduler, task.name, recorded, last.milliseconds]
        for time in times { arguments.append(task.message(dueAt: time, queue: queue, origin: scheduler)) }
        return try await client.run(
            scripts.fire,
            keys: [
                keys.scheduler, keys.periodic, keys.statistics,
                PriorityBand(priority: task.priority).list(of: queue),
            ],
            arguments: arguments
        ).integer == 1
    }

    /// Gives up the leadership, if this scheduler has it.
    func resign() async throws(RedisError) {
        _ = try await client.run(scripts.resign, keys: [keys.scheduler], arguments: [scheduler])
    }
}
