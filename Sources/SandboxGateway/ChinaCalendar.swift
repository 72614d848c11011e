internal import FoundationEssentials

/// Times as gateways in China write them, at UTC+8.
enum ChinaCalendar {
    private static let offset = 8 * 3600

    /// The instant that a text of the form `yyyyMMddHHmmss` names, or nil if it names none, such as the 30th of February.
    static func date(_ text: String) -> Date? {
        let digits = text.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.count == 14, digits.allSatisfy((0...9).contains) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let time = CivilTime(
            year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
            minute: number(10..<12), second: number(12..<14))
        return time.map { Date(timeIntervalSince1970: TimeInterval($0.seconds - offset)) }
    }

    /// The text for an instant, in the form `yyyyMMddHHmmss`.
    static func string(_ date: Date) -> String {
        let time = time(date)
        return "\(time.year)\(time.month.twoDigits)\(time.day.twoDigits)"
            + "\(time.hour.twoDigits)\(time.minute.twoDigits)\(time.second.twoDigits)"
    }

    /// The text for an instant, in the form `yyyy-MM-dd HH:mm:ss`.
    static func spacedString(_ date: Date) -> String {
        let time = time(date)
        return "\(time.year)-\(time.month.twoDigits)-\(time.day.twoDigits)"
            + " \(time.hour.twoDigits):\(time.minute.twoDigits):\(time.second.twoDigits)"
    }

    private static func time(_ date: Date) -> CivilTime {
        CivilTime(seconds: Int(date.timeIntervalSince1970.rounded(.down)) + offset)
    }
}
