internal import FoundationEssentials

/// Times as gateways in China write them: `yyyyMMddHHmmss` at UTC+8.
enum ChinaCalendar {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt
        return calendar
    }()

    /// The instant that a text names, or nil if it names none, such as the 30th of February.
    static func date(_ text: String) -> Date? {
        let digits = text.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.count == 14, digits.allSatisfy((0...9).contains) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let components = DateComponents(
            year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
            minute: number(10..<12), second: number(12..<14))
        // The calendar would carry a 13th month over into the next year.
        guard let date = calendar.date(from: components), string(date) == text else { return nil }
        return date
    }

    /// The text for an instant.
    static func string(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let rest = [parts.month, parts.day, parts.hour, parts.minute, parts.second].map { twoDigits($0 ?? 0) }
        return twoDigits((parts.year ?? 0) / 100) + twoDigits((parts.year ?? 0) % 100) + rest.joined()
    }

    /// The text for an instant in the form `yyyy-MM-dd HH:mm:ss`.
    static func spacedString(_ date: Date) -> String {
        let digits = Array(string(date))
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8)) \(part(8..<10)):\(part(10..<12)):\(part(12..<14))"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
