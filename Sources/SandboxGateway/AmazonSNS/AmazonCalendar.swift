internal import FoundationEssentials

/// Times as the vendor writes them: `yyyyMMdd'T'HHmmss'Z'`, the basic form of ISO 8601, in UTC.
enum AmazonCalendar {
    private static let style = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, timeSeparator: .omitted, timeZoneSeparator: .omitted, timeZone: .gmt)

    /// The instant that a text names, or nil if it names none.
    static func date(_ text: String) -> Date? {
        // The parser lets through more than the vendor does.
        guard let date = try? Date(text, strategy: style), string(date) == text else { return nil }
        return date
    }

    /// The text for an instant.
    static func string(_ date: Date) -> String {
        date.formatted(style)
    }
}
