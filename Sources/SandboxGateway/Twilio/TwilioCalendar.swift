internal import FoundationEssentials

/// Times as the vendor writes them: `Thu, 01 Jan 1970 00:00:00 +0000` (RFC 2822).
enum TwilioCalendar {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The text for an instant.
    static func string(_ date: Date) -> String {
        let time = CivilTime(seconds: Int(date.timeIntervalSince1970.rounded(.down)))
        return "\(days[time.weekday]), \(time.day.twoDigits) \(months[time.month - 1]) \(time.year) "
            + "\(time.hour.twoDigits):\(time.minute.twoDigits):\(time.second.twoDigits) +0000"
    }
}
