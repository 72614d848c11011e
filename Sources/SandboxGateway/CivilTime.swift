/// Date and time of day in the Gregorian calendar, by arithmetic alone: a gateway needs it for every call.
///
/// The algorithms are Howard Hinnant's `civil_from_days` and `days_from_civil` (`chrono`-compatible low-level date
/// algorithms): years begin in March, so that the leap day is the last.
struct CivilTime: Equatable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// The time that is so many seconds after 1970-01-01 00:00:00.
    init(seconds: Int) {
        let days = Self.floorDivided(seconds, by: 86_400)
        let time = seconds - days * 86_400
        let shifted = days + 719_468
        let era = Self.floorDivided(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
    }

    /// Nil if there is no such time, as on the 30th of February.
    init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...12).contains(month), day >= 1, (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<60).contains(second)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        // A day that its month does not have comes out as one of the next month.
        guard CivilTime(seconds: seconds) == self else { return nil }
    }

    /// Seconds after 1970-01-01 00:00:00.
    var seconds: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = Self.floorDivided(marchYear, by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// 0 is Sunday.
    var weekday: Int {
        let days = Self.floorDivided(seconds, by: 86_400)
        return (days % 7 + 11) % 7
    }

    private static func floorDivided(_ number: Int, by divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }
}

extension Int {
    /// Two digits at least.
    var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}
