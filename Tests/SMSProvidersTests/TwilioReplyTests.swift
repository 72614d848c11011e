import NIOCore
import Testing

@testable import SMSProviders

@Suite("Twilio's answer")
struct TwilioReplyTests {
    private func result(_ status: Int, _ body: String, retryAfter: Duration? = nil) -> SendResult? {
        TwilioReply(GatewayReply(status: status, retryAfter: retryAfter, body: ByteBuffer(string: body)))?.result
    }

    @Test("has the class and reason of the vendor's list")
    func listedCodes() {
        #expect(TwilioCodeRow.all.count == 48)
        for row in TwilioCodeRow.all {
            let result = result(400, "{\"code\":\(row.code),\"message\":\"m\",\"status\":400}")
            #expect(result?.outcome.label == row.class, "\(row.code)")
            #expect(result?.outcome.reason?.rawValue == row.reason, "\(row.code)")
            #expect(result?.vendorCode == row.code)
        }
    }

    @Test(
        "falls back by status and by the first digits for a code that is not listed",
        arguments: [
            (400, "21999", SendOutcome.badConfiguration(.unlisted)), (400, "30999", .unknown(.unlisted)),
            (400, "70000", .unknown(.unlisted)), (403, "20006", .badConfiguration(.unlisted)),
            (500, "21999", .unknown(.unlisted)), (429, "70000", .throttled(.rate, retryAfter: .seconds(3))),
        ])
    func unlistedCode(status: Int, code: String, expected: SendOutcome) {
        #expect(result(status, "{\"code\":\(code)}", retryAfter: .seconds(3))?.outcome == expected)
    }

    @Test("that names a limit may say how long to wait")
    func retryAfter() {
        let result = result(429, #"{"code":20429}"#, retryAfter: .seconds(3))
        #expect(result?.outcome == .throttled(.rate, retryAfter: .seconds(3)))
    }

    @Test("names the message that was taken")
    func accepted() {
        let body = #"{"sid":"SM0f","status":"queued","error_code":null,"error_message":null,"num_segments":"1"}"#
        #expect(result(201, body) == SendResult(.accepted, messageID: "SM0f", detail: "accepted"))
    }

    @Test("may be a message that has failed already")
    func bornDead() {
        #expect(
            result(201, #"{"sid":"SM0f","status":"failed","error_code":30006}"#)?.outcome == .badNumber(.number))
        #expect(result(201, #"{"sid":"SM0f","status":"failed","error_code":null}"#)?.outcome == .unknown(.channel))
    }

    @Test("may carry its code as a string, and gives nothing away of its message")
    func stringCode() {
        let result = result(400, #"{"code":"21211","message":"The 'To' number +15005550001 is not valid"}"#)
        #expect(result?.outcome == .badNumber(.number))
        #expect(result?.detail.contains("1500") == false)
    }

    @Test(
        "cannot be understood without a code and a message",
        arguments: [
            "", "OK", "[]", "{}", #"{"code":null}"#, #"{"code":"<script>"}"#, #"{"code":1.5}"#, #"{"code":-1}"#,
            #"{"sid":""}"#, #"{"sid":"S M"}"#, #"{"sid":7}"#, #"{"sid":"SM0f""#,
        ])
    func unreadable(body: String) {
        #expect(result(201, body) == nil)
    }

    @Test("is no success under another status, whatever it holds")
    func statusAgainstBody() {
        #expect(result(404, #"{"sid":"SM0f","status":"queued"}"#) == nil)
    }
}
