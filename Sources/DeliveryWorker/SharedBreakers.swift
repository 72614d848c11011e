internal import Logging
internal import RedisClient
internal import SMSProviders

/// Lets all workers of a broker know which circuit breakers are open: what one of them has found out, the others need not
/// find out by failed calls of their own.
///
/// The hash `sms:breakers` has a field for each open breaker: its reason, and the server's time in milliseconds at which
/// the worker that opened it tries again. The others keep away a little longer, so that one of them tries first. Whoever
/// deletes a field closes that breaker for all; one that waits for just that stays for as long as nobody does.
struct SharedBreakers: Sendable {
    static let key = "sms:breakers"
    private static let grace = Duration.seconds(2)
    /// When nothing has changed for so long, the workers that opened them are gone.
    private static let forgottenAfter = Duration.seconds(600)
    /// No breaker is open for longer by itself.
    private static let untilClosedByHand = Duration.seconds(86_400)

    let breakers: CircuitBreakers
    let client: RedisClient
    let logger: Logger
    var period = Duration.seconds(1)

    /// What one worker has told the others and been told by them.
    private struct Memory {
        /// Its own, and the time that it has told.
        var told: [CircuitBreakers.Place: Int] = [:]
        /// The others', and the time that they have told.
        var adopted: [CircuitBreakers.Place: Int] = [:]
    }

    /// Exchanges news until the task is cancelled. While Redis is away each worker has its own.
    func run() async {
        var memory = Memory()
        while !Task.isCancelled {
            do throws(RedisError) {
                try await exchange(&memory)
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
        for (place, breaker) in open where isOwn(breaker, memory, now) {
            memory.adopted[place] = nil
            let until = now + breaker.wait.wholeMilliseconds
            // The time is only known to a few milliseconds.
            if let told = memory.told[place], theirs[place] == nil || abs(told - until) < 500 { continue }
            memory.told[place] = until
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
        let mustStay = theirs.values.contains { $0.until > now + Self.untilClosedByHand.wholeMilliseconds }
        try await tell(changes, mustStay: mustStay)
        adopt(theirs, open, &memory, now)
    }

    private func tell(_ changes: [RedisCommand], mustStay: Bool) async throws(RedisError) {
        guard !changes.isEmpty else { return }
        let life =
            mustStay
            ? RedisCommand("PERSIST", Self.key)
            : RedisCommand("PEXPIRE", Self.key, Self.forgottenAfter.wholeMilliseconds)
        for case .error(let text) in try await client.send(changes + [life]) { throw RedisError(serverError: text) }
    }

    /// Of an adopted breaker whose time is over, this worker has tried and failed: from now on it is its own.
    private func isOwn(_ breaker: CircuitBreakers.Open, _ memory: Memory, _ now: Int) -> Bool {
        guard let until = memory.adopted[breaker.place] else { return true }
        return now + breaker.wait.wholeMilliseconds > until + (Self.grace + period).wholeMilliseconds
    }

    private func adopt(
        _ theirs: [CircuitBreakers.Place: (reason: SendReason, until: Int)],
        _ open: [CircuitBreakers.Place: CircuitBreakers.Open], _ memory: inout Memory, _ now: Int
    ) {
        for (place, entry) in theirs where memory.told[place] == nil {
            let wait = Duration.milliseconds(entry.until - now) + Self.grace
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
