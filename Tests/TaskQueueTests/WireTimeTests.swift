import Testing

@testable import TaskQueue

@Suite struct WireTimeTests {
    /// 2026-11-23T05:56:44Z
    private let second = 1_795_413_404_000_000

    @Test(arguments: [
        ("2026-11-23T05:56:44.023927+00:00", 23_927), ("2026-11-23T05:56:44+00:00", 0), ("2026-11-23T05:56:44Z", 0),
        ("2026-11-23 05:56:44", 0), ("2026-11-23T13:56:44.5+08:00", 500_000), ("20261123T055644.25", 250_000),
        ("20261123T135644+0800", 0), ("2026-11-22T21:56:44-08", 0),
    ])
    func readsTheFormsThatCeleryWritesAndReads(_ text: String, _ fraction: Int) {
        #expect(WireTime(text)?.microseconds == second + fraction)
    }

    @Test func aDateAloneIsMidnight() {
        #expect(WireTime("2026-11-23")?.microseconds == second - (5 * 3600 + 56 * 60 + 44) * 1_000_000)
    }

    @Test(arguments: [
        "", "tomorrow", "2026-13-01", "1795413404", "2026-11-23T", "2026-11-23T25:00:00", "2026-11-23T05:56:44+00:00x",
    ])
    func refusesOtherText(_ text: String) {
        #expect(WireTime(text) == nil)
    }

    @Test func writesWhatItReads() {
        #expect(WireTime(microseconds: second + 23_927).text == "2026-11-23T05:56:44.023927+00:00")
        #expect(WireTime(microseconds: second).text == "2026-11-23T05:56:44+00:00")
        for days in stride(from: -1_000_000, through: 1_000_000, by: 977) {
            let time = WireTime(microseconds: days * 86_400_000_000 + 12_345_678_901)
            guard days > -719_000 else { continue }
            #expect(WireTime(time.text) == time)
        }
    }
}
