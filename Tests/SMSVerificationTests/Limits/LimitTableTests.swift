import Foundation
import Testing

@testable import SMSVerification

/// What an operator may write, and what he is told when it is wrong.
struct LimitTableTests {
    @Test func aTextChangesTheDefaultsLineByLine() throws {
        let table = try LimitTable(
            text: """
                # for the campaign
                wait 30s 1m
                wait-memory 2h
                limit number-hour number 6 per 1h   # one more
                limit address-day off
                limit network-week prefix 5000 per 7d
                limit session-hour session 12 per 1h
                block +86 138 0013 8000
                block +85251234567
                credit start 10
                credit expiry 10m
                price 49 80000
                price other 90000
                budget budget-day 7000 per 1d
                budget budget-hour off
                alarm 75%
                """)
        var expected = LimitTable()
        expected.waits = [.seconds(30), .seconds(60)]
        expected.waitMemory = .seconds(7200)
        expected.limits[0].count = 6
        expected.limits.removeAll { $0.name == "address-day" }
        let session = try #require(expected.limits.firstIndex { $0.name == "session-hour" })
        expected.limits[session].count = 12
        expected.blocked = Set(["13800138000", "+85251234567"].compactMap { MobileNumber(canonical: $0) })
        expected.limits.append(SendLimit("network-week", of: .prefix, 5000, per: .seconds(7 * 86_400)))
        expected.credit.start = 10
        expected.credit.expiry = .seconds(600)
        expected.prices["49"] = 80_000
        expected.otherPrice = 90_000
        expected.budgets = [Budget("budget-day", 7000, per: .seconds(86_400))]
        expected.alarmPercent = 75
        #expect(table == expected)
    }

    @Test func aTablesLinesReadBackAsTheTable() throws {
        #expect(try LimitTable(text: "") == LimitTable())
        #expect(try LimitTable(text: LimitTable().lines.joined(separator: "\n")) == LimitTable())
        #expect(try LimitTable(text: "block 13800138000").lines.contains("block 138****8000"), "as logs may show it")
        let other = try LimitTable(text: "wait off\r\nlimit odd total 7 per 90s\r\nprice 1 5")
        #expect(other.waits.isEmpty)
        #expect(try LimitTable(text: other.lines.joined(separator: "\n")) == other)
    }

    @Test(arguments: [
        ("\nlimits number-hour 5", "line 2: limits: unknown; a line begins with wait,"),
        (
            "limit number-hour number five per 1h",
            "line 1: limit: five does not fit; write a whole number from 1 to 1000"
        ),
        ("limit number-hour number 5 per 1y", "line 1: limit: 1y is no time; write a number and s, m, h or d"),
        ("limit number-hour number 5 per 32d", "line 1: limit: 32d is no time"),
        ("limit number-hour number 5 per 9223372036854775807d", "line 1: limit: 9223372036854775807d is no time"),
        ("limit number-hour number 0 per 1h", "line 1: limit: 0 does not fit"),
        ("limit number-hour number 5 1h", "line 1: limit: write limit number-hour SCOPE COUNT per PERIOD"),
        (
            "limit number-hour phone 5 per 1h",
            "line 1: limit: unknown scope phone; write one of number, address, session, prefix"
        ),
        ("limit another number 5 per 60m", "line 1: limit: number-hour has that scope and period already"),
        ("limit credit number 5 per 2h", "line 1: limit: the name credit is taken"),
        ("limit budget-day number 5 per 2h", "line 1: limit: the name budget-day is taken"),
        ("limit Größe number 5 per 2h", "line 1: limit: Größe is no name"),
        ("limit nothing off", "line 1: limit: there is no limit nothing to turn off"),
        ("wait", "line 1: wait: write one time or more"),
        ("credit size 5", "line 1: credit: unknown setting size; write one of ceiling, floor"),
        ("credit start 100", "credit: floor 2, start 100 and ceiling 80 must be in rising order"),
        ("price +86 5", "line 1: price: +86 is no country code"),
        ("price 86 4.5", "line 1: price: 4.5 does not fit"),
        ("budget budget-hour 5 per 1d", "line 1: budget: budget-day has that period already"),
        ("limit session-hour session 1001 per 1h", "line 1: limit: 1001 does not fit"),
        ("\nblock 12345", "line 2: block: this is no mobile number; write it as +8613800138000"),
        ("+8613800138000", "line 1: unknown; a line begins with wait,"),
        ("block", "line 1: block: this is no mobile number"),
        ("alarm 80", "line 1: alarm: write a share, such as 80%"),
        ("alarm 180%", "line 1: alarm: 180 does not fit; write a whole number from 1 to 100"),
    ])
    func aMistakeIsNamedWithItsLineAndRemedy(text: String, message: String) {
        let error = #expect(throws: LimitTableError.self) { try LimitTable(text: text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func aBudgetThatIsNotEnoughForOneMessageIsAMistake() throws {
        let path = "\(NSTemporaryDirectory())/limits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        }

        try write("budget budget-hour 4499 per 1h")
        let error = #expect(throws: LimitTableError.self) { try LimitTableFile(path: path, countries: ["86"]) }
        #expect(
            error?.description.hasPrefix(
                "budget: budget-hour is 4499, less than the price 4500 of one message to country 86") == true)
        try write("budget budget-hour 4500 per 1h")
        let file = try LimitTableFile(path: path, countries: ["86"])
        #expect(throws: LimitTableError.self) { try LimitTableFile(path: path, countries: ["86", "852"]) }
        try write("budget budget-hour 4500 per 1h\nprice 86 4501")
        #expect(throws: LimitTableError.self) { try file.reloadIfChanged() }
        #expect(file.rules.table.price(ofCountry: "86") == 4500, "the old table stays in force")
    }

    @Test func aFileIsReadAgainWhenItHasChanged() throws {
        let path = "\(NSTemporaryDirectory())/limits-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        }

        #expect(throws: LimitTableError.self) { try LimitTableFile(path: path) }
        try write("limit number-hour number 6 per 1h")
        let file = try LimitTableFile(path: path)
        #expect(file.rules.table.limits[0].count == 6)
        #expect(try file.reloadIfChanged() == [])

        try write("limit number-hour number 7 per 1h")
        #expect(
            try file.reloadIfChanged() == [
                "- limit number-hour number 6 per 1h", "+ limit number-hour number 7 per 1h",
            ])
        #expect(file.rules.table.limits[0].count == 7)

        try write("alarm 50%\nlimit number-hour number many per 1h")
        let error = #expect(throws: LimitTableError.self) { try file.reloadIfChanged() }
        #expect(error?.line == 2)
        #expect(error?.message.contains(path) == true)
        #expect(file.rules.table.limits[0].count == 7, "the old table stays in force")
        #expect(file.rules.table.alarmPercent == 80)
        for always in [false, true] {
            let again = #expect(throws: LimitTableError.self) { try file.reloadIfChanged(always: always) }
            #expect(again == error, "as long as it stands there")
        }

        try FileManager.default.removeItem(atPath: path)
        #expect(throws: LimitTableError.self) { try file.reloadIfChanged() }
        #expect(file.rules.table.limits[0].count == 7)
        try write("")
        #expect(try file.reloadIfChanged().last == "+ limit number-hour number 5 per 1h")
    }
}
