import Foundation
import Testing

@testable import SandboxGateway

@Suite("Dates by arithmetic")
struct CivilTimeTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    @Test("agree with the calendar's, from 1900 to 2200")
    func everyDay() {
        for day in stride(from: -25_567, through: 84_000, by: 1) {
            let seconds = day * 86_400 + (day &* 7919 % 86_400 + 86_400) % 86_400
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let parts = Self.calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
            let time = CivilTime(seconds: seconds)
            let isRight =
                [time.year, time.month, time.day, time.hour, time.minute, time.second, time.weekday + 1]
                == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, parts.weekday]
            guard isRight, time.seconds == seconds else {
                Issue.record("\(seconds): \(time)")
                return
            }
        }
    }

    @Test(
        "know what there is not",
        arguments: [
            (2025, 2, 29), (2026, 2, 30), (2100, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0),
            (2026, 12, 32),
        ])
    func nonsense(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0) == nil)
        #expect(CivilTime(year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59) != nil)
        #expect(CivilTime(year: 2024, month: 2, day: 29, hour: 24, minute: 0, second: 0) == nil)
    }
}
