internal import RedisClient

/// A moment as messages carry it: ISO 8601 text, to the microsecond. Text without an offset means UTC.
///
/// Source: the times that Celery writes, `2026-11-23T05:56:44.023927+00:00`, and the further forms that it reads.
public struct WireTime: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int

    /// A moment.
    public init(microseconds: Int) {
        self.microseconds = microseconds
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    public var milliseconds: Int { microseconds / 1000 }

    /// The moment so much later.
    public func adding(_ duration: Duration) -> WireTime {
        let longest = Duration.longestOnTheWire
        return WireTime(microseconds: microseconds + min(max(duration, .zero - longest), longest).wholeMicroseconds)
    }

    /// How long it is from another moment to this one; negative when it lies before.
    public func since(_ earlier: WireTime) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }

    public static func < (left: WireTime, right: WireTime) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Reads `2026-11-23T05:56:44.023927+00:00`, also with `Z`, a blank for `T`, no offset (UTC), no fraction, a date
    /// only, or in the basic form `20261123T055644+0800`. Nil for anything else.
    public init?(_ text: String) {
        var reader = FieldReader(text)
        guard let year = reader.digits(4) else { return nil }
        let isExtended = reader.skip("-")
        guard let month = reader.digits(2), (1...12).contains(month), !isExtended || reader.skip("-"),
            let day = reader.digits(2), (1...31).contains(day)
        else { return nil }
        var micros = Self.daysSince1970(year: year, month: month, day: day) * 86_400_000_000
        if !reader.isAtEnd {
            guard reader.skip("T") || reader.skip(" "), let time = reader.timeOfDay(), let offset = reader.offset(),
                reader.isAtEnd
            else { return nil }
            micros += time - offset
        }
        microseconds = micros
    }

    /// The form that Celery writes, in UTC.
    public var text: String {
        let day = microseconds.dividedDown(by: 86_400_000_000).quotient
        let rest = microseconds - day * 86_400_000_000
        let (year, month, date) = Self.civil(daysSince1970: day)
        let seconds = rest / 1_000_000
        let fraction = rest % 1_000_000
        func pad(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(date, 2))T"
            + "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
            + (fraction == 0 ? "" : ".\(pad(fraction, 6))") + "+00:00"
    }

    // Days and dates of the proleptic Gregorian calendar, counted in eras of 400 years that begin in March.

    static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// Takes fixed-width fields off the front of a text.
private struct FieldReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digits(_ count: Int) -> Int? {
        let field = rest.prefix(count)
        guard field.count == count, field.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return field.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `05:56:44.023927` or `055644`, in microseconds.
    mutating func timeOfDay() -> Int? {
        guard let hours = digits(2), hours < 24 else { return nil }
        let isExtended = skip(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        var seconds = 0
        if !isExtended || skip(":") { seconds = digits(2) ?? 0 }
        guard seconds < 61 else { return nil }
        var fraction = 0
        if skip(".") {
            var scale = 1_000_000
            while let digit = digits(1) {
                scale /= 10
                fraction += digit * scale
            }
        }
        return (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + fraction
    }

    /// `Z`, `+00:00`, `+0800`, `-03`, or nothing (UTC), in microseconds east of UTC.
    mutating func offset() -> Int? {
        if isAtEnd || skip("Z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = digits(2), hours < 24 else { return nil }
        _ = skip(":")
        let minutes = digits(2) ?? 0
        return (isEast ? 1 : -1) * (hours * 60 + minutes) * 60_000_000
    }
}
