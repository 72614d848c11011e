public import RedisClient

/// How a queue stood at a time, as its workers have written it down.
public struct HistorySample: Sendable, Hashable {
    /// When, by the server's clock.
    public var time: WireTime
    /// What waited for a worker.
    public var waiting: Int
    /// What workers held.
    public var claimed: Int
    /// Retries and tasks with a later time.
    public var scheduled: Int
    /// Dead letters.
    public var dead: Int
    /// Workers that were alive.
    public var workers: Int
    /// Counters since the queue's creation.
    public var counters: [String: Int]
    /// How long tasks that started since the sample before had waited, of those whose sender tells.
    public var wait: TimeDistribution
    /// How long the attempts took that have succeeded since the sample before.
    public var run: TimeDistribution

    /// Nil when that is no sample.
    init?(_ raw: [UInt8]) {
        guard let json = try? JSONText(raw), let time = json["at"]?.integer else { return nil }
        self.time = WireTime(microseconds: time * 1000)
        func count(_ name: String) -> Int { json[name]?.integer ?? 0 }
        waiting = count("waiting")
        claimed = count("claimed")
        scheduled = count("scheduled")
        dead = count("dead")
        workers = count("workers")
        counters = [:]
        for (name, value) in json["counters"]?.members ?? [] { counters[name] = value.integer }
        wait = TimeDistribution(json["wait"])
        run = TimeDistribution(json["run"])
    }

    /// How fast a counter has grown since an earlier sample, a second; nil when none was.
    public func rate(of counter: String, since earlier: HistorySample) -> Double? {
        let seconds = time.since(earlier.time) / .seconds(1)
        guard seconds > 0 else { return nil }
        // After the queue's counters were deleted they begin anew.
        return Double(max(0, counters[counter, default: 0] - earlier.counters[counter, default: 0])) / seconds
    }
}

extension QueueInspector {
    /// How much time one sample of the history stands for.
    public static var historySlot: Duration { Broker.historySlot }

    /// The last hour, the oldest sample first; nothing when no worker of this library has run in it.
    public func history() async throws(RedisError) -> [HistorySample] {
        let replies = try await client.send([RedisCommand("TIME"), RedisCommand("HGETALL", keys.history)])
        // Samples go as others take their places, or all at once an hour after the last one was written: when workers have
        // stopped, older ones may be among them.
        let oldest = try replies[0].serverTime.adding(.zero - Broker.historySlot * Broker.historySlots)
        var samples: [HistorySample] = []
        for field in try replies[1].map {
            guard let sample = HistorySample(try field.value.bytes), sample.time > oldest else { continue }
            samples.append(sample)
        }
        return samples.sorted { $0.time < $1.time }
    }
}
