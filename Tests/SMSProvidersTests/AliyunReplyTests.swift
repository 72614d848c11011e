import NIOCore
import Testing

@testable import SMSProviders

@Suite("Aliyun's answer")
struct AliyunReplyTests {
    private func meaning(_ body: String, status: Int = 200, retryAfter: Duration? = nil) -> SendResult? {
        let reply = GatewayReply(status: status, retryAfter: retryAfter, body: ByteBuffer(string: body))
        return AliyunReply(reply.body)?.result(of: reply)
    }

    @Test("has the class and reason of the vendor's list", arguments: VendorCodeRow.aliyun)
    func listedCode(_ row: VendorCodeRow) throws {
        // A status that says nothing, and one that says something else.
        for status in [200, 500] {
            let result = try #require(meaning("{\"RequestId\":\"r\",\"Code\":\"\(row.code)\"}", status: status))
            #expect(result.outcome.label == row.class)
            #expect(result.outcome.reason?.rawValue ?? "-" == row.reason)
            #expect(result.vendorCode == row.code)
        }
    }

    @Test("knows as many codes as the list has")
    func listSize() {
        #expect(VendorCodeRow.aliyun.count == 50)
    }

    @Test(
        "falls back by the first characters, then by the HTTP status, for a code that is not listed",
        arguments: [
            ("isp.NEW", 200, SendOutcome.retry(.unlisted)),
            ("Throttling.Api", 400, .throttled(.unlisted, retryAfter: nil)),
            ("isv.MOBILE_NEW", 200, .badNumber(.unlisted)), ("isv.NEW", 200, .badConfiguration(.unlisted)),
            ("New", 200, .unknown(.unlisted)), ("New", 400, .unknown(.unlisted)),
            ("Forbidden.RAM", 403, .badConfiguration(.auth)), ("New", 404, .badConfiguration(.param)),
            ("New", 500, .unknown(.internal)), ("New", 503, .retry(.internal)),
            ("ok", 200, .unknown(.unlisted)), ("isv.mobile", 200, .badConfiguration(.unlisted)),
        ])
    func unlistedCode(code: String, status: Int, expected: SendOutcome) {
        #expect(meaning("{\"Code\":\"\(code)\"}", status: status)?.outcome == expected)
    }

    @Test("names the message that was taken")
    func accepted() {
        let body = #"{"RequestId":"A90E4451","Message":"OK","BizId":"900619746936498440^0","Code":"OK"}"#
        #expect(
            meaning(body)
                == SendResult(.accepted, vendorCode: "OK", messageID: "900619746936498440^0", detail: "OK accepted"))
    }

    @Test(
        "is accepted even without a message's identifier", arguments: [#"{"Code":"OK"}"#, #"{"Code":"OK","BizId":7}"#])
    func acceptedWithoutIdentifier(body: String) {
        #expect(meaning(body)?.outcome == .accepted)
        #expect(meaning(body)?.messageID == nil)
    }

    @Test(
        "names the recipient's limit, and with it how long it lasts",
        arguments: [
            ("触发分钟级流控Permits:1", Duration.seconds(60)), ("触发小时级流控Permits:5", .seconds(3600)),
            ("触发天级流控Permits:10", .seconds(86_400)), ("13800138000", nil),
        ])
    func limit(message: String, expected: Duration?) throws {
        let body = "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\",\"Message\":\"\(message)\"}"
        let result = try #require(meaning(body))
        #expect(result.outcome == .throttled(.number, retryAfter: expected))
        #expect(!result.detail.contains(message))
    }

    @Test("that names another limit may say in a header how long to wait")
    func retryAfter() {
        let result = meaning(#"{"Code":"Throttling.User"}"#, status: 429, retryAfter: .seconds(3))
        #expect(result?.outcome == .throttled(.rate, retryAfter: .seconds(3)))
    }

    @Test(
        "cannot be understood without a code",
        arguments: [
            "", "OK", "[]", "{}", #"{"Code":null}"#, #"{"Code":""}"#, #"{"Code":"<script>"}"#, #"{"Code":200}"#,
            #"{"Code":"ＯＫ"}"#, #"{"Code":"OK""#, #"{"code":"OK"}"#, "<Error><Code>OK</Code></Error>",
            "{\"Code\":\"\(String(repeating: "a", count: 101))\"}",
        ])
    func unreadable(body: String) {
        #expect(AliyunReply(ByteBuffer(string: body)) == nil)
    }
}
