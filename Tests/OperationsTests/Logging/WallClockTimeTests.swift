import Foundation
import Testing

@testable import Operations

@Suite struct WallClockTimeTests {
    private func utc(_ time: WallClockTime) -> String {
        var bytes: [UInt8] = []
        time.appendUTC(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 7, "2000-02-29T00:00:00.007Z"),
        (1_795_384_617, 999, "2026-11-22T21:56:57.999Z"), (253_402_300_800, 10, "10000-01-01T00:00:00.010Z"),
    ])
    func utc(seconds: Int, milliseconds: Int, expected: String) {
        #expect(utc(WallClockTime(seconds: seconds, milliseconds: milliseconds)) == expected)
    }

    @Test(arguments: [0, 1_795_384_617, 1_782_000_000])
    func localTimeIsUTCPlusTheZonesOffset(seconds: Int) {
        let moment = Date(timeIntervalSince1970: Double(seconds))
        let shifted = WallClockTime(seconds: seconds + TimeZone.current.secondsFromGMT(for: moment), milliseconds: 42)
        var local: [UInt8] = []
        WallClockTime(seconds: seconds, milliseconds: 42).appendLocal(to: &local)
        let expected = utc(shifted).replacing("T", with: " ").replacing(".", with: ",").dropLast()
        #expect(String(decoding: local, as: UTF8.self) == expected)
    }

    @Test func nowIsNow() {
        let before = Int(Date().timeIntervalSince1970)
        let now = WallClockTime.now()
        #expect(now.seconds >= before)
        #expect((0..<1000).contains(now.milliseconds))
    }
}
