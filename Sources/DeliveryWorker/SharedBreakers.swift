internal import Logging
internal import RedisClient
internal import SMSProviders

/// Lets all workers of a broker know which circuit breakers are open: what one of them has found out, the others need not
/// find out by failed calls of their own.
///
/// The hash `sms:breakers` has a field for each open breaker: its reason, and the server's time in milliseconds at which
/// the worker that opened it tries again. The others keep away a little longer, so that one of them tries first. Whoever
/// deletes a field closes that breaker for all. One that waits for just that stays while any worker runs, and for a month
/// after that. There can be no more fields than providers have parts: their templates, and the countries.
struct SharedBreakers: Sendable {
    static let key = "sms:breakers"
    /// When nothing has changed for so long, the workers that opened them are gone.
    private static let forgottenAfter = Duration.seconds(600)
    /// No breaker is open for longer by itself.
    private static let untilClosedByHand = Duration.seconds(86_400)
    /// How long those stay that are closed by hand, after the last worker has gone.
    static let lifeWithoutWorkers = Duration.seconds(30 * 86_400)

    let breakers: CircuitBreakers
    let client: RedisClient
    let logger: Logger
    var period = Duration.seconds(1)
    /// How much longer than the worker that has opened a breaker the others keep away.
    var grace = Duration.seconds(2)
    /// How often a worker prolongs the life of those that are closed by hand.
    var renewal = Duration.seconds(3600)

    /// What one worker has told the others and been told by them.
    private struct Memory {
        /// Its own, and until when they were open, by its own clock, when it told.
        var told: [CircuitBreakers.Place: Int] = [:]
        /// The others', and the time that they have told, by the server's clock.
        var adopted: [CircuitBreakers.Place: Int] = [:]
        /// When it has last prolonged the life of those that are closed by hand.
        var renewed: ContinuousClock.Instant?
    }

    /// Exchanges news until the task is cancelled. While Redis is away each worker has its own.
    func run() async {
        var memory = Memory()
        while !Task.isCancelled {
            do throws(RedisError) {
                // What was not told for sure is told again.
                var news = memory
                try await exchange(&news)
                memory = news
            } catch {
                logger.debug("cannot share circuit breakers: \(error)")
            }
            try? await Task.sleep(for: period)
        }
    }

    private func exchange(_ memory: inout Memory) async throws(RedisError) {
        let replies = try await client.send([RedisCommand("TIME"), RedisCommand("HGETALL", Self.key)])
        let time = try replies[0].array
        let now = try time[0].integer * 1000 + time[1].integer / 1000
        var theirs = try Self.entries(replies[1])
        let open = Dictionary(uniqueKeysWithValues: breakers.open.map { ($0.place, $0) })

        var changes: [RedisCommand] = []
        for (place, breaker) in open where memory.adopted[place] == nil || !breaker.isAdopted {
            memory.adopted[place] = nil
            // When another worker has closed it since, that counts.
            if let told = memory.told[place], told == breaker.until || theirs[place] == nil { continue }
            memory.told[place] = breaker.until
            let until = now + breaker.wait.wholeMilliseconds
            theirs[place] = (breaker.reason, until)
            changes.append(RedisCommand("HSET", Self.key, place.description, "\(breaker.reason.rawValue) \(until)"))
        }
        for place in [memory.told, memory.adopted].flatMap(\.keys) where open[place] == nil {
            memory.told[place] = nil
            // Adopted, and this worker's own try has gone well.
            memory.adopted[place] = nil
            theirs[place] = nil
            changes.append(RedisCommand("HDEL", Self.key, place.description))
        }
        for (place, entry) in theirs where entry.until < now - Self.forgottenAfter.wholeMilliseconds {
            theirs[place] = nil
            changes.append(RedisCommand("HDEL", Self.key, place.description))
        }
        let longest = Duration.milliseconds(max(0, (theirs.values.map(\.until).max() ?? now) - now))
        try await tell(changes, longest: longest, &memory)
        adopt(theirs, open, &memory, now)
    }

    private func tell(
        _ changes: [RedisCommand], longest: Duration, _ memory: inout Memory
    ) async throws(RedisError) {
        let mustStay = longest > Self.untilClosedByHand
        let isDue = mustStay && (memory.renewed.map { ContinuousClock.now - $0 >= renewal } ?? true)
        guard !changes.isEmpty || isDue else { return }
        let life = mustStay ? Self.lifeWithoutWorkers : longest + Self.forgottenAfter
        let commands = changes + [RedisCommand("PEXPIRE", Self.key, life.wholeMilliseconds)]
        for case .error(let text) in try await client.send(commands) { throw RedisError(serverError: text) }
        memory.renewed = mustStay ? .now : nil
    }

    private func adopt(
        _ theirs: [CircuitBreakers.Place: (reason: SendReason, until: Int)],
        _ open: [CircuitBreakers.Place: CircuitBreakers.Open], _ memory: inout Memory, _ now: Int
    ) {
        for (place, entry) in theirs where memory.told[place] == nil {
            let wait = Duration.milliseconds(entry.until - now) + grace
            guard memory.adopted[place] != entry.until, wait > .zero else { continue }
            memory.adopted[place] = entry.until
            breakers.adopt(CircuitBreakers.Open(place: place, reason: entry.reason, wait: wait))
            if open[place] == nil {
                logger.warning(
                    "no messages go through \(place) for now (\(entry.reason.rawValue)): another worker says so")
            }
        }
        for place in [memory.told, memory.adopted].flatMap(\.keys) where theirs[place] == nil {
            memory.told[place] = nil
            memory.adopted[place] = nil
            breakers.close(place)
            logger.info("messages go through \(place) again: another worker says so")
        }
    }

    private static func entries(
        _ reply: RESPValue
    ) throws(RedisError) -> [CircuitBreakers.Place: (reason: SendReason, until: Int)] {
        var entries: [CircuitBreakers.Place: (reason: SendReason, until: Int)] = [:]
        let fields = try reply.array
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            let parts = try fields[index + 1].text.split(separator: " ")
            guard let place = CircuitBreakers.Place(try fields[index].text), parts.count == 2,
                let reason = SendReason(rawValue: String(parts[0])), let until = Int(parts[1])
            else { continue }
            entries[place] = (reason, until)
        }
        return entries
    }
}
