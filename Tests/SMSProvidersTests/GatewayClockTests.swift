import Foundation
import Testing

@testable import SMSProviders

@Suite("The time of an answer", .timeLimit(.minutes(5)))
struct GatewayClockTests {
    @Test(
        "is read as HTTP writes it",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Mon, 30 Nov 2026 19:39:23 GMT", 1_796_067_563),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
        ])
    func date(text: String, seconds: Int) {
        #expect(HTTPDate.date(text)?.timeIntervalSince1970 == Double(seconds))
    }

    @Test(
        "is nothing in another form",
        arguments: [
            "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CST", "Sun, 06 Now 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ])
    func noDate(text: String) {
        #expect(HTTPDate.date(text) == nil)
    }

    @Test("tells how far this machine's clock is ahead", arguments: [-3600.0, 0, 600])
    func offset(ahead: Double) async throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = format.string(from: Date(timeIntervalSinceNow: -ahead))
        let call = GatewayCall.tencent
        let before = Date()
        let result = try await call.result(of: .answer("200 OK", call.success, headers: ["Date: \(date)"]))
        let offset = try #require(result.clockOffset) / .seconds(1)
        // The field names whole seconds, and the answer takes its time.
        #expect(offset >= ahead - 1 && offset <= ahead + 1 + Date().timeIntervalSince(before))
    }

    @Test("is not known when the gateway does not tell it")
    func untold() async throws {
        let call = GatewayCall.aliyun
        #expect(try await call.result(of: .answer("200 OK", call.success)).clockOffset == nil)
        #expect(try await call.result(of: .answer("200 OK", call.success, headers: ["Date: soon"])).clockOffset == nil)
    }
}
