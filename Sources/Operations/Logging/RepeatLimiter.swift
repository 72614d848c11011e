import Logging
import Synchronization

/// Keeps a warning or an error that repeats itself from burying all else: of the same text, level and logger, a few are
/// written in a period, and after it how many were not.
///
/// Records below warnings pass: those that are many, such as a line for each task, name what they are about.
final class RepeatLimiter: Sendable {
    fileprivate struct Key: Hashable {
        var level: Logger.Level
        var logger: String
        var message: String
    }

    fileprivate struct Count {
        var seen = 0
        var end: ContinuousClock.Instant
    }

    fileprivate struct State {
        var counts: [Key: Count] = [:]
        /// No period ends before; nil while there is none.
        var nextEnd: ContinuousClock.Instant?
    }

    /// As many texts are remembered.
    private static let mostTexts = 512

    private let burst: Int
    private let period: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// - Parameters:
    ///   - burst: how many of the same are written in a period.
    ///   - period: how long it lasts, from the first one on.
    init(
        burst: Int = 5, period: Duration = .seconds(10),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.burst = burst
        self.period = period
        self.now = now
    }

    /// What is to be written in the record's place: what is to be told of repetitions whose period is over, and then itself,
    /// unless it is one too many.
    func admit(_ record: LogRecord) -> [LogRecord] {
        let now = now()
        return state.withLock { state in
            var admitted: [LogRecord] = []
            if state.nextEnd.map({ $0 <= now }) ?? false || state.counts.count >= Self.mostTexts {
                admitted = state.endPeriods(now: now, burst: burst, time: record.time)
            }
            if record.level < .warning || state.count(Key(record), until: now + period) <= burst {
                admitted.append(record)
            }
            return admitted
        }
    }
}

extension RepeatLimiter.Key {
    fileprivate init(_ record: LogRecord) {
        self.init(level: record.level, logger: record.logger, message: record.message)
    }
}

extension RepeatLimiter.State {
    /// How many of them there are in its period, with this one.
    fileprivate mutating func count(_ key: RepeatLimiter.Key, until end: ContinuousClock.Instant) -> Int {
        var count = counts[key] ?? RepeatLimiter.Count(end: end)
        count.seen += 1
        counts[key] = count
        if nextEnd == nil { nextEnd = end }
        return count.seen
    }

    /// Ends the periods that are over, or all when there are too many.
    fileprivate mutating func endPeriods(
        now: ContinuousClock.Instant, burst: Int, time: WallClockTime
    ) -> [LogRecord] {
        var over = counts.filter { $0.value.end <= now }
        if over.isEmpty { over = counts }
        for key in over.keys { counts[key] = nil }
        nextEnd = counts.values.map(\.end).min()
        return over.filter { $0.value.seen > burst }.map { key, count in
            LogRecord(
                time: time, level: key.level, logger: key.logger,
                message: "\(count.seen - burst) times more: \(key.message)", metadata: [:])
        }.sorted { $0.message < $1.message }
    }
}
