#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A moment of the wall clock, to the millisecond.
struct WallClockTime: Sendable {
    /// Whole seconds since 1970-01-01 00:00 UTC.
    var seconds: Int
    /// The rest, 0 to 999.
    var milliseconds: Int

    static func now() -> WallClockTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallClockTime(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// Appends `2026-11-23 05:56:57,123` in the local time zone.
    func appendLocal(to line: inout [UInt8]) {
        var seconds = seconds
        var fields = tm()
        localtime_r(&seconds, &fields)
        appendDateAndTime(fields, between: " ", to: &line)
        line.append(UInt8(ascii: ","))
        appendDigits(milliseconds, width: 3, to: &line)
    }

    /// Appends `2026-11-22T21:56:57.123Z` (RFC 3339).
    func appendUTC(to line: inout [UInt8]) {
        var seconds = seconds
        var fields = tm()
        gmtime_r(&seconds, &fields)
        appendDateAndTime(fields, between: "T", to: &line)
        line.append(UInt8(ascii: "."))
        appendDigits(milliseconds, width: 3, to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    private func appendDateAndTime(_ fields: tm, between separator: Unicode.Scalar, to line: inout [UInt8]) {
        appendDigits(Int(fields.tm_year) + 1900, width: 4, to: &line)
        line.append(UInt8(ascii: "-"))
        appendDigits(Int(fields.tm_mon) + 1, width: 2, to: &line)
        line.append(UInt8(ascii: "-"))
        appendDigits(Int(fields.tm_mday), width: 2, to: &line)
        line.append(UInt8(ascii: separator))
        appendDigits(Int(fields.tm_hour), width: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        appendDigits(Int(fields.tm_min), width: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        appendDigits(Int(fields.tm_sec), width: 2, to: &line)
    }

    private func appendDigits(_ value: Int, width: Int, to line: inout [UInt8]) {
        let digits = String(value).utf8
        for _ in digits.count..<max(width, digits.count) {
            line.append(UInt8(ascii: "0"))
        }
        line.append(contentsOf: digits)
    }
}
