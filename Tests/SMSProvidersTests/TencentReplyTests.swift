import NIOCore
import Testing

@testable import SMSProviders

@Suite("Tencent's answer")
struct TencentReplyTests {
    private func meaning(_ body: String, retryAfter: Duration? = nil) -> SendResult? {
        let reply = GatewayReply(status: 200, retryAfter: retryAfter, body: ByteBuffer(string: body))
        return TencentReply(reply.body)?.result(of: reply)
    }

    private func refusal(_ code: String) -> String {
        "{\"Response\":{\"Error\":{\"Code\":\"\(code)\",\"Message\":\"m\"},\"RequestId\":\"r\"}}"
    }

    private func status(_ code: String, serial: String = "") -> String {
        """
        {"Response":{"SendStatusSet":[{"SerialNo":"\(serial)","PhoneNumber":"+8613800138000","Fee":1,\
        "SessionContext":"job-01HV","Code":"\(code)","Message":"+8613800138000","IsoCode":"CN"}],"RequestId":"r"}}
        """
    }

    @Test("has the class and reason of the vendor's list on both levels", arguments: VendorCodeRow.tencent)
    func listedCode(_ row: VendorCodeRow) throws {
        for body in [refusal(row.code), status(row.code)] where body != refusal("Ok") {
            let result = try #require(meaning(body))
            #expect(result.outcome.label == row.class)
            #expect(result.outcome.reason?.rawValue ?? "-" == row.reason)
            #expect(result.vendorCode == row.code)
            #expect(!result.detail.contains("13800138000"))
        }
    }

    @Test("knows as many codes as the list has")
    func listSize() {
        #expect(VendorCodeRow.tencent.count == 83)
    }

    @Test(
        "falls back by the first characters for a code that is not listed",
        arguments: [
            ("LimitExceeded.New", SendOutcome.throttled(.unlisted, retryAfter: nil)),
            ("RequestLimitExceeded.New", .throttled(.unlisted, retryAfter: nil)),
            ("AuthFailure.New", .badConfiguration(.unlisted)),
            ("UnauthorizedOperation.New", .badConfiguration(.unlisted)),
            ("InvalidParameterValue.New", .badConfiguration(.unlisted)),
            ("InvalidParameter.New", .badConfiguration(.unlisted)),
            ("UnsupportedOperation.New", .badConfiguration(.unlisted)), ("InternalError.New", .unknown(.unlisted)),
            ("FailedOperation.New", .unknown(.unlisted)), ("New", .unknown(.unlisted)), ("OK", .unknown(.unlisted)),
        ])
    func unlistedCode(code: String, expected: SendOutcome) {
        #expect(meaning(refusal(code))?.outcome == expected)
    }

    @Test("names the message that was taken")
    func accepted() {
        #expect(
            meaning(status("Ok", serial: "5000:1045710669157053657849499619"))
                == SendResult(
                    .accepted, vendorCode: "Ok", messageID: "5000:1045710669157053657849499619",
                    detail: "Ok accepted"))
    }

    @Test(
        "is accepted even without a message's identifier",
        arguments: [
            #"{"Response":{"SendStatusSet":[{"Code":"Ok"}]}}"#,
            #"{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":7}],"Error":null}}"#,
        ])
    func acceptedWithoutIdentifier(body: String) {
        #expect(meaning(body)?.outcome == .accepted)
        #expect(meaning(body)?.messageID == nil)
    }

    @Test("that names a limit may say in a header how long to wait")
    func retryAfter() {
        let result = meaning(refusal("RequestLimitExceeded"), retryAfter: .seconds(3))
        #expect(result?.outcome == .throttled(.rate, retryAfter: .seconds(3)))
    }

    @Test(
        "cannot be understood without a code",
        arguments: [
            "", "Ok", "[]", "{}", #"{"Response":null}"#, #"{"Response":{}}"#, #"{"Response":{"SendStatusSet":[]}}"#,
            #"{"Response":{"SendStatusSet":null,"Error":null}}"#, #"{"Response":{"SendStatusSet":[{"Code":0}]}}"#,
            #"{"Response":{"Error":{"Code":"<script>"}}}"#, #"{"Response":{"Error":{"Code":""}}}"#,
            #"{"Response":{"Error":{"Code":"Ok"}}}"#, #"{"SendStatusSet":[{"Code":"Ok"}]}"#,
            #"{"Response":{"SendStatusSet":[{"Code":"Ok"}]}"#,
        ])
    func unreadable(body: String) {
        #expect(TencentReply(ByteBuffer(string: body)) == nil)
    }
}
