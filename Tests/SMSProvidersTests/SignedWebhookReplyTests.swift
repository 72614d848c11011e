import NIOCore
import Testing

@testable import SMSProviders

@Suite("A webhook's answer")
struct SignedWebhookReplyTests {
    private func result(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) -> SendResult {
        SignedWebhookReply(GatewayReply(status: status, retryAfter: retryAfter, body: ByteBuffer(string: body))).result
    }

    @Test("may be empty when the message was taken", arguments: [200, 202, 204])
    func empty(status: Int) {
        #expect(result(status) == SendResult(.accepted, detail: "accepted"))
    }

    @Test("names the message that was taken")
    func accepted() {
        let result = result(200, #"{"status":"accepted","provider_message_id":"m-1"}"#)
        #expect(result == SendResult(.accepted, messageID: "m-1", detail: "accepted"))
    }

    @Test(
        "that refuses says what is at fault",
        arguments: [
            (#""bad_number""#, SendOutcome.badNumber(.number)),
            (#""bad_number","code":"blocked""#, .badNumber(.blocked)),
            (#""bad_config""#, .badConfiguration(.param)), (#""bad_config","code":"funds""#, .badConfiguration(.funds)),
            (#""bad_config","code":"number""#, .badConfiguration(.param)),
            (#""throttled""#, .throttled(.rate, retryAfter: nil)),
            (#""throttled","code":"number""#, .throttled(.number, retryAfter: nil)),
            (#""throttled","retry_after":30"#, .throttled(.rate, retryAfter: .seconds(30))),
        ])
    func rejected(members: String, expected: SendOutcome) {
        #expect(result(200, "{\"status\":\"rejected\",\"class\":\(members)}").outcome == expected)
    }

    @Test("may have a code of its own, which is kept if it is fit for logs")
    func code() {
        let fit = result(200, #"{"status":"rejected","class":"bad_number","code":"E-7"}"#)
        #expect(fit.vendorCode == "E-7")
        #expect(fit.detail == "rejected, number, code E-7")
        let unfit = result(200, #"{"status":"rejected","class":"bad_number","code":"to 138 0013"}"#)
        #expect(unfit.outcome == .badNumber(.number))
        #expect(unfit.vendorCode == nil)
    }

    @Test("may ask for another attempt")
    func retry() {
        let asked = result(200, #"{"status":"retry","retry_after":30}"#, retryAfter: .seconds(7))
        #expect(asked.outcome == .retry(.internal))
        #expect(asked.retryAfter == .seconds(30), "the body comes before the header")
        #expect(result(200, #"{"status":"retry"}"#, retryAfter: .seconds(7)).retryAfter == .seconds(7))
        #expect(result(503, retryAfter: .seconds(7)).retryAfter == .seconds(7))
        #expect(result(200, #"{"status":"retry"}"#).retryAfter == nil)
    }

    @Test(
        "that is no success is judged by its status alone",
        arguments: [
            (301, SendOutcome.badConfiguration(.param)), (307, .badConfiguration(.param)),
            (400, .badConfiguration(.param)), (401, .badConfiguration(.auth)), (403, .badConfiguration(.auth)),
            (404, .badConfiguration(.param)), (405, .badConfiguration(.param)), (408, .unknown(.ambiguous)),
            (409, .accepted), (410, .badConfiguration(.gone)), (413, .badConfiguration(.param)),
            (415, .badConfiguration(.param)), (418, .unknown(.ambiguous)), (422, .badConfiguration(.param)),
            (425, .throttled(.rate, retryAfter: .seconds(3))), (429, .throttled(.rate, retryAfter: .seconds(3))),
            (500, .unknown(.internal)), (502, .unknown(.internal)), (503, .retry(.internal)),
            (504, .unknown(.internal)),
        ])
    func status(status: Int, expected: SendOutcome) {
        for body in ["", #"{"status":"accepted"}"#, "<html>"] {
            #expect(result(status, body, retryAfter: .seconds(3)).outcome == expected)
        }
    }

    @Test(
        "that cannot be read leaves open what became of the message",
        arguments: [
            " ", "OK", "[]", "{}", #"{"status":"sent"}"#, #"{"status":1}"#, #"{"status":"rejected"}"#,
            #"{"status":"rejected","class":"other"}"#, #"{"status":"accepted""#,
        ])
    func unreadable(body: String) {
        #expect(result(200, body).outcome == .unknown(.ambiguous))
    }

    @Test("may hold more than is known, and wrong types where nothing depends on them")
    func lenient() {
        let body = #"{"status":"accepted","provider_message_id":7,"code":[],"retry_after":"soon","more":{}}"#
        #expect(result(200, body) == SendResult(.accepted, detail: "accepted"))
        #expect(
            result(200, #"{"status":"rejected","class":"throttled","retry_after":1e300}"#).outcome
                == .throttled(.rate, retryAfter: .seconds(86_400)))
    }
}
