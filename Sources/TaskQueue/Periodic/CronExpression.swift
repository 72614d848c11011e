/// The minutes of the calendar that a cron expression matches.
///
/// Source: <https://man7.org/linux/man-pages/man5/crontab.5.html>
struct CronExpression: Sendable, Hashable {
    private static let nicknames = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
    ]
    /// After so many days the calendar repeats, weekdays included.
    private static let daysOfCalendar = 146_097
    private static let minutesOfDay = 1440

    /// The expression, with single blanks.
    let text: String
    private let minutes: CronValues
    private let hours: CronValues
    private let daysOfMonth: CronValues
    private let months: CronValues
    private let daysOfWeek: CronValues
    /// Both days are restricted: then either one is enough.
    private let isEitherDayEnough: Bool

    init(_ text: String) throws(PeriodicScheduleError) {
        let fields = (Self.nicknames[text.lowercased()] ?? text).split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            throw PeriodicScheduleError(
                field: "schedule", text: text,
                expected: "five fields (minute, hour, day of month, month, day of week), "
                    + "\(Self.nicknames.keys.sorted().joined(separator: ", ")), or an interval such as \"every 30s\"")
        }
        self.text = fields.joined(separator: " ")
        minutes = try CronField.minute.values(fields[0])
        hours = try CronField.hour.values(fields[1])
        daysOfMonth = try CronField.dayOfMonth.values(fields[2])
        months = try CronField.month.values(fields[3])
        daysOfWeek = try CronField.dayOfWeek.values(fields[4])
        isEitherDayEnough = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard next(afterMinute: 0) != nil else {
            throw PeriodicScheduleError(
                field: "day of month", text: String(fields[2]), expected: "a day that month \(fields[3]) has")
        }
    }

    /// The first matching minute after one; minutes are counted from 1970-01-01T00:00 of the expression's calendar.
    func next(afterMinute minute: Int) -> Int? {
        var (day, timeOfDay) = (minute + 1).dividedDown(by: Self.minutesOfDay)
        let lastDay = day + Self.daysOfCalendar
        while day <= lastDay {
            let (year, month, dayOfMonth) = WireTime.civil(daysSince1970: day)
            if !months.contains(month) {
                day = WireTime.daysSince1970(
                    year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
            } else if matches(day, dayOfMonth: dayOfMonth), let time = firstTime(from: timeOfDay) {
                return day * Self.minutesOfDay + time
            } else {
                day += 1
            }
            timeOfDay = 0
        }
        return nil
    }

    private func matches(_ day: Int, dayOfMonth: Int) -> Bool {
        // 1970-01-01 was a Thursday.
        let dayOfWeek = (day + 4).dividedDown(by: 7).remainder
        let matchesMonth = daysOfMonth.contains(dayOfMonth)
        let matchesWeek = daysOfWeek.contains(dayOfWeek)
        return isEitherDayEnough ? matchesMonth || matchesWeek : matchesMonth && matchesWeek
    }

    /// The first matching minute of a matching day, from a minute on.
    private func firstTime(from time: Int) -> Int? {
        let (hour, minute) = time.dividedDown(by: 60)
        if hours.contains(hour), let minute = minutes.first(from: minute) { return hour * 60 + minute }
        guard let hour = hours.first(from: hour + 1), let minute = minutes.first(from: 0) else { return nil }
        return hour * 60 + minute
    }
}
