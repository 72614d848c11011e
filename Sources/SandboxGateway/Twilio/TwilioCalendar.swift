internal import FoundationEssentials

/// Times as the vendor writes them: `Thu, 01 Jan 1970 00:00:00 +0000` (RFC 2822).
enum TwilioCalendar {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The text for an instant.
    static func string(_ date: Date) -> String {
        // ISO 8601 has all but the names: `2026-01-02T03:04:05Z`.
        let parts = date.formatted(.iso8601).split { "-T:Z".contains($0) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let day = days[calendar.component(.weekday, from: date) - 1]
        let month = months[calendar.component(.month, from: date) - 1]
        return "\(day), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
    }
}
