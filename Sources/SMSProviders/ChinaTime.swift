/// The local time of China as gateways want it: `yyyyMMddHHmmss`, at UTC+8 the whole year.
enum ChinaTime {
    /// The text for an instant, given in seconds since 1970-01-01 00:00 UTC.
    static func stamp(secondsSince1970: Int) -> String {
        let local = secondsSince1970 + 8 * 3600
        let days = (local - local.modulo(86_400)) / 86_400
        let second = local.modulo(86_400)
        let (year, month, day) = civilDate(daysSince1970: days)
        return padded(year, 4) + padded(month, 2) + padded(day, 2) + padded(second / 3600, 2)
            + padded(second / 60 % 60, 2) + padded(second % 60, 2)
    }

    /// The Gregorian date of a day. Counts in eras of 400 years that begin on a first of March, so that the leap day
    /// is the last day of its year.
    private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let dayOfEra = shifted.modulo(146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int {
    /// The remainder that has the divisor's sign, so that days before 1970 count right.
    fileprivate func modulo(_ divisor: Int) -> Int {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
