internal import RedisClient

/// When something is due again and again: at times of the calendar, or at even intervals.
///
/// ```swift
/// let nightly = try PeriodicSchedule("30 3 * * *", utcOffset: .seconds(8 * 3600))
/// let often = PeriodicSchedule.every(.seconds(30))
/// ```
public struct PeriodicSchedule: Sendable, Hashable, CustomStringConvertible {
    private enum Form: Hashable {
        case cron(CronExpression, offset: Int)
        case interval(Int)
    }

    /// In microseconds.
    private let form: Form

    /// Reads a schedule.
    ///
    /// - Parameters:
    ///   - text: A cron expression of five fields with lists, ranges, steps and English names (`*/5 9-17 * * mon-fri`),
    ///     one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`, or an interval: `every 30s`, `every 5m`,
    ///     `every 1h`, `every 2d`. When both the day of month and the day of week are restricted, that is, begin with no
    ///     `*`, either one is enough.
    ///   - utcOffset: How far the calendar that a cron expression is about lies east of UTC. It is the same the whole
    ///     year: no time of day comes twice or never. An interval has no use for it.
    /// - Throws: ``PeriodicScheduleError``.
    ///
    /// Source: <https://man7.org/linux/man-pages/man5/crontab.5.html>
    public init(_ text: String, utcOffset: Duration = .zero) throws(PeriodicScheduleError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.first?.lowercased() == "every" else {
            form = .cron(try CronExpression(text), offset: utcOffset.wholeMilliseconds * 1000)
            return
        }
        guard words.count == 2, let interval = DurationText.duration(String(words[1])) else {
            throw PeriodicScheduleError(
                field: "interval", text: text, expected: "\"every\" and \(DurationText.expectation)")
        }
        self = .every(interval)
    }

    /// At even intervals, counted from 1970-01-01T00:00:00Z: so all schedulers agree on the times without a word.
    ///
    /// - Parameter interval: To the millisecond; one second at least, a hundred years at most.
    public static func every(_ interval: Duration) -> PeriodicSchedule {
        let interval = min(max(interval, .seconds(1)), .longestOnTheWire)
        return PeriodicSchedule(form: .interval(interval.wholeMilliseconds * 1000))
    }

    private init(form: Form) {
        self.form = form
    }

    /// The first due time after a moment. A schedule that never comes, as on February 30, cannot be made.
    public func next(after time: WireTime) -> WireTime? {
        switch form {
        case .interval(let interval):
            let count = time.microseconds.dividedDown(by: interval).quotient
            return WireTime(microseconds: (count + 1) * interval)
        case .cron(let expression, let offset):
            let minute = (time.microseconds + offset).dividedDown(by: 60_000_000).quotient
            return expression.next(afterMinute: minute).map {
                WireTime(microseconds: $0 * 60_000_000 - offset)
            }
        }
    }

    /// All due times after one moment, up to and with another one.
    func dueTimes(after start: WireTime, upTo end: WireTime) -> [WireTime] {
        var times: [WireTime] = []
        var time = start
        while let next = next(after: time), next <= end {
            times.append(next)
            time = next
        }
        return times
    }

    /// The last ones of these due times, without walking over all of a long time.
    func lastDueTimes(_ count: Int, after start: WireTime, upTo end: WireTime) -> [WireTime] {
        var span = Duration.seconds(60)
        while true {
            let from = max(start, end.adding(.zero - span))
            let times = dueTimes(after: from, upTo: end)
            if times.count >= count || from == start { return times.suffix(count) }
            span *= 4
        }
    }

    /// The schedule as it was written, which tells it from others.
    public var description: String {
        switch form {
        case .interval(let interval):
            interval.isMultiple(of: 1_000_000) ? "every \(interval / 1_000_000)s" : "every \(interval / 1000)ms"
        case .cron(let expression, let offset):
            offset == 0 ? expression.text : "\(expression.text) (UTC offset \(offset / 1_000_000) s)"
        }
    }
}
