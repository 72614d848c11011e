import Testing

@testable import TaskQueue

@Suite struct PeriodicScheduleTests {
    /// The first due times after a moment, `2026-11-23T05:56` each.
    private func due(_ schedule: PeriodicSchedule, after start: String, _ count: Int) throws -> [String] {
        var time = try #require(WireTime(start))
        var times: [String] = []
        while times.count < count, let next = schedule.next(after: time) {
            times.append(String(next.text.prefix(16)))
            time = next
        }
        return times
    }

    @Test(arguments: [
        ("* * * * *", "2026-11-23T05:56:44", ["2026-11-23T05:57", "2026-11-23T05:58"]),
        // Strictly after, also on the minute.
        ("57 5 * * *", "2026-11-23T05:57:00", ["2026-11-24T05:57"]),
        ("57 5 * * *", "2026-11-23T05:56:59.999999", ["2026-11-23T05:57"]),
        ("*/20 9-10 * * *", "2026-11-23T09:30", ["2026-11-23T09:40", "2026-11-23T10:00", "2026-11-23T10:20"]),
        ("5/25 0 * * *", "2026-11-23", ["2026-11-23T00:05", "2026-11-23T00:30", "2026-11-23T00:55"]),
        ("10-20/5,59 23 * * *", "2026-11-23T23:12", ["2026-11-23T23:15", "2026-11-23T23:20", "2026-11-23T23:59"]),
        ("0 0 1 jan,JUL *", "2026-11-23", ["2027-01-01T00:00", "2027-07-01T00:00"]),
        // A year's end, a month's end, months without a 31st.
        ("59 23 31 12 *", "2026-12-31T23:59", ["2027-12-31T23:59"]),
        ("0 12 31 * *", "2026-01-31T12:00", ["2026-03-31T12:00", "2026-05-31T12:00", "2026-07-31T12:00"]),
        // Leap days: every four years, but not in 2100.
        ("0 0 29 2 *", "2026-01-01", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("0 0 29 2 *", "2096-02-29T00:00", ["2104-02-29T00:00"]),
        ("0 0 29 2 *", "1999-01-01", ["2000-02-29T00:00"]),
        // 2026-11-23 is a Monday. Sunday is 0 and 7.
        ("0 8 * * mon-fri", "2026-11-27T08:00", ["2026-11-30T08:00"]),
        ("0 8 * * 0", "2026-11-23", ["2026-11-29T08:00", "2026-12-06T08:00"]),
        ("0 8 * * 7", "2026-11-23", ["2026-11-29T08:00", "2026-12-06T08:00"]),
        ("0 8 * * Sun", "2026-11-23", ["2026-11-29T08:00"]),
        ("0 8 * * 5-7", "2026-11-23", ["2026-11-27T08:00", "2026-11-28T08:00", "2026-11-29T08:00"]),
        ("0 8 * * sat-sun", "2026-11-23", ["2026-11-28T08:00", "2026-11-29T08:00", "2026-12-05T08:00"]),
        // Both days restricted: either one. A field that begins with a star restricts only together with the other.
        ("0 0 13 * fri", "2026-11-11", ["2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00"]),
        ("0 0 1 * mon", "2026-11-24", ["2026-11-30T00:00", "2026-12-01T00:00", "2026-12-07T00:00"]),
        ("0 0 */2 * mon", "2026-11-10", ["2026-11-23T00:00", "2026-12-07T00:00"]),
        ("0 0 1 * *", "2026-11-23", ["2026-12-01T00:00"]),
        ("@hourly", "2026-11-23T05:56:44", ["2026-11-23T06:00", "2026-11-23T07:00"]),
        ("@daily", "2026-11-23T05:56:44", ["2026-11-24T00:00"]),
        ("@weekly", "2026-11-23T05:56:44", ["2026-11-29T00:00"]),
        ("@monthly", "2026-11-23T05:56:44", ["2026-12-01T00:00"]),
        ("@yearly", "2026-11-23T05:56:44", ["2027-01-01T00:00"]),
        ("every 5m", "2026-11-23T05:56:44", ["2026-11-23T06:00", "2026-11-23T06:05"]),
        ("every 1h", "2026-11-23T06:00:00", ["2026-11-23T07:00"]),
        ("every 2d", "1970-01-01", ["1970-01-03T00:00", "1970-01-05T00:00"]),
        ("every 5m", "1969-12-31T23:57", ["1970-01-01T00:00"]),
        ("0 0 * * *", "1969-12-30T23:57", ["1969-12-31T00:00", "1970-01-01T00:00"]),
    ])
    func nextDueTimes(_ text: String, _ start: String, _ expected: [String]) throws {
        #expect(try due(PeriodicSchedule(text), after: start, expected.count) == expected)
    }

    @Test func theRarestDateIsFound() throws {
        // A leap day on a Sunday: after 2088 not before 2128.
        let schedule = try PeriodicSchedule("0 0 */31,29 2 */7")
        var time = try #require(WireTime("2088-02-29T00:00"))
        repeat { time = try #require(schedule.next(after: time)) } while !time.text.contains("-02-29")
        #expect(time.text.hasPrefix("2128-02-29"))
    }

    @Test func theTimeOfDayIsThatOfTheOffset() throws {
        let china = try PeriodicSchedule("30 3 1 * *", utcOffset: .seconds(8 * 3600))
        #expect(
            try due(china, after: "2026-11-23", 2) == ["2026-11-30T19:30", "2026-12-31T19:30"])
        let newfoundland = try PeriodicSchedule("0 0 * * mon", utcOffset: .seconds(-3 * 3600 - 1800))
        #expect(try due(newfoundland, after: "2026-11-23T03:29", 2) == ["2026-11-23T03:30", "2026-11-30T03:30"])
        // No summer time: every day of a year has it, 24 hours apart.
        let daily = try PeriodicSchedule("30 2 * * *", utcOffset: .seconds(-5 * 3600))
        let (start, end) = (try #require(WireTime("2026-01-01")), try #require(WireTime("2027-01-01")))
        let year = daily.dueTimes(after: start, upTo: end)
        #expect(year.count == 365)
        #expect(zip(year, year.dropFirst()).allSatisfy { $1.since($0) == .seconds(86_400) })
    }

    @Test func intervalsAreCountedFromTheEpoch() throws {
        let schedule = PeriodicSchedule.every(.seconds(7))
        #expect(schedule == (try PeriodicSchedule("every 7s")))
        let start = try #require(WireTime("2026-11-23T05:56:44.5"))
        let time = try #require(schedule.next(after: start))
        #expect(time.microseconds % 7_000_000 == 0)
        #expect(PeriodicSchedule.every(.milliseconds(1)) == .every(.seconds(1)))
        #expect(PeriodicSchedule.every(.seconds(Int64.max)).next(after: time) != nil)
    }

    @Test func theLastDueTimesAreThoseOfTheWholeList() throws {
        for text in ["*/7 * * * *", "0 3 * * mon", "0 0 31 * *", "every 11m", "0 0 29 2 *"] {
            let schedule = try PeriodicSchedule(text)
            let start = try #require(WireTime("2026-01-17T11:23"))
            let end = try #require(WireTime("2026-11-23T05:56:44"))
            for count in [1, 3, 40] {
                #expect(
                    schedule.lastDueTimes(count, after: start, upTo: end)
                        == schedule.dueTimes(after: start, upTo: end).suffix(count))
            }
        }
    }

    @Test(arguments: [
        ("60 * * * *", "minute", "60"), ("* 24 * * *", "hour", "24"), ("* * 0 * *", "day of month", "0"),
        ("* * * 13 *", "month", "13"), ("* * * foo *", "month", "foo"), ("* * * * 8", "day of week", "8"),
        ("0 0 30 2 *", "day of month", "30"), ("0 0 31 4,6,9,11 *", "day of month", "31"),
        ("0 0 30-31 feb *", "day of month", "30-31"), ("* * * * funday", "day of week", "funday"),
        ("9-5 * * * *", "minute", "9-5"), ("*/0 * * * *", "minute", "*/0"),
        ("*/90 * * * *", "minute", "*/90"), ("1,,2 * * * *", "minute", "1,,2"), ("1, * * * *", "minute", "1,"),
        ("- * * * *", "minute", "-"), ("+5 * * * *", "minute", "+5"), ("*-5 * * * *", "minute", "*-5"),
        ("1-2-3 * * * *", "minute", "1-2-3"), ("1/2/3 * * * *", "minute", "1/2/3"), ("5/ * * * *", "minute", "5/"),
        ("* * * *", "schedule", "* * * *"), ("* * * * * *", "schedule", "* * * * * *"), ("", "schedule", ""),
        ("@often", "schedule", "@often"), ("every", "interval", "every"), ("every 0s", "interval", "every 0s"),
        ("every 5", "interval", "every 5"), ("every 1.5h", "interval", "every 1.5h"),
        ("every 99999999999999999999s", "interval", "every 99999999999999999999s"),
        ("every 5m 3s", "interval", "every 5m 3s"), ("every -5m", "interval", "every -5m"),
    ])
    func errorsNameTheFieldAndTheText(_ text: String, _ field: String, _ wrong: String) {
        let error = #expect(throws: PeriodicScheduleError.self) { try PeriodicSchedule(text) }
        #expect(error?.field == field)
        #expect(error?.text == wrong)
        #expect(error?.expected.isEmpty == false)
    }

    @Test func anErrorSaysWhatIsExpected() {
        let error = #expect(throws: PeriodicScheduleError.self) { try PeriodicSchedule("0 25 * * *") }
        #expect(
            error?.description == "the hour is \"25\": expected *, numbers from 0 to 23, also as lists (a,b), rising "
                + "ranges (a-b) and steps (*/n, a-b/n, n up to 24)")
    }
}
