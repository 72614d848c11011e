import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import SMSProviders

@Suite("Asking a gateway what became of a message", .timeLimit(.minutes(5)))
struct OutcomeQueryTests {
    private static let outcomes: [(status: String, expected: SendOutcome)] = [
        (#""SendStatus":1"#, .accepted), (#""SendStatus":3,"ErrCode":"DELIVERED""#, .accepted),
        (#""SendStatus":2,"ErrCode":"MOBILE_IN_BLACK""#, .badNumber(.blocked)),
        (#""SendStatus":2,"ErrCode":"MOBILE_SEND_LIMIT""#, .throttled(.number, retryAfter: nil)),
        (#""SendStatus":2,"ErrCode":"SP_UNKNOWN_ERROR""#, .retry(.channel)), (#""SendStatus":2"#, .retry(.channel)),
    ]

    @Test("Aliyun's answer is read for the task, and for nothing else", arguments: outcomes)
    func aliyun(status: String, expected: SendOutcome) throws {
        let other = #"{"OutId":"other","SendStatus":3,"ErrCode":"DELIVERED","Content":"012345"}"#
        let body = """
            {"Code":"OK","Message":"OK","RequestId":"r","TotalCount":"2","SmsSendDetailDTOs":{"SmsSendDetailDTO":[
            \(other),{"OutId":"task",\(status),"Content":"012345","PhoneNum":"13800138000"}]}}
            """
        let result = try #require(AliyunSendDetails(ByteBuffer(string: body))).result(for: "task")
        #expect(result.outcome == expected)
        #expect(!result.detail.contains("012345") && !result.detail.contains("13800138000"))
    }

    @Test("Aliyun knows nothing of a message, or does not say")
    func aliyunUnclear() throws {
        let none = #"{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[]}}"#
        #expect(
            try #require(AliyunSendDetails(ByteBuffer(string: none))).result(for: "t").outcome == .unknown(.pending))
        let refused = #"{"Code":"isp.RAM_PERMISSION_DENY","Message":"no"}"#
        #expect(
            try #require(AliyunSendDetails(ByteBuffer(string: refused))).result(for: "t").outcome
                == .unknown(.pending))
        #expect(AliyunSendDetails(ByteBuffer(string: "<html>")) == nil)
    }

    @Test(
        "Tencent's receipts are read for the task; that there is none says nothing",
        arguments: [
            (#"{"SessionContext":"t","ReportStatus":"SUCCESS"}"#, SendOutcome.accepted),
            (#"{"SessionContext":"t","ReportStatus":"FAIL"}"#, .retry(.channel)),
            (
                #"{"SessionContext":"t","ReportStatus":"FAIL"},{"SessionContext":"t","ReportStatus":"SUCCESS"}"#,
                .accepted
            ),
            (#"{"SessionContext":"other","ReportStatus":"SUCCESS"}"#, .unknown(.pending)),
            (#"{"ReportStatus":"SUCCESS"}"#, .unknown(.pending)), ("", .unknown(.pending)),
        ])
    func tencent(receipts: String, expected: SendOutcome) throws {
        let body = #"{"Response":{"PullSmsSendStatusSet":[\#(receipts)],"RequestId":"r"}}"#
        #expect(try #require(TencentSendStatuses(ByteBuffer(string: body))).result(for: "t").outcome == expected)
    }

    @Test("Tencent may refuse to tell")
    func tencentRefusal() throws {
        let body = #"{"Response":{"Error":{"Code":"UnauthorizedOperation","Message":"no"},"RequestId":"r"}}"#
        let result = try #require(TencentSendStatuses(ByteBuffer(string: body))).result(for: "t")
        #expect(result.outcome == .unknown(.pending))
        #expect(result.vendorCode == "UnauthorizedOperation")
    }

    @Test("a query that fails leaves it as unclear as before", arguments: [GatewayCall.aliyun, .tencent])
    func failing(call: GatewayCall) async throws {
        for script in [GatewayScript.answer("500 Internal Server Error", "<html>"), .reset] {
            let outcome = try await ScriptedGateway.with(script) { gateway in
                let client = HTTPClient(configuration: .smsGateway(connectTimeout: .seconds(5)))
                let query = call.provider("http://127.0.0.1:\(gateway.port)", client).outcomeQuery
                var outcome: SendOutcome?
                if case .lookup(let lookup) = query {
                    outcome = await lookup.outcome(of: .example, sentAt: 1_767_323_045).outcome
                }
                try await client.shutdown()
                return outcome
            }
            #expect(outcome == .unknown(.pending))
        }
    }

    @Test("Aliyun is asked about the day in China on which the message was sent")
    func aliyunDay() throws {
        let request = AliyunRequest(
            askingAboutMessagesTo: try #require(PhoneNumberForm("13800138000")), sentAt: 1_767_297_845,
            at: try #require(GatewayAddress("https://dysmsapi.aliyuncs.com")), with: .example,
            secondsSince1970: 1_767_323_045, nonce: "n")
        #expect(
            String(buffer: request.body) == "CurrentPage=1&PageSize=50&PhoneNumber=13800138000&SendDate=20260102")
        #expect(request.headers["x-acs-action"] == ["QuerySendDetails"])
    }

    // MARK: - By a repeated call

    private struct Unaskable: SMSProvider {
        let name = "unaskable"
        func send(_ message: OutgoingMessage) async -> SendResult { SendResult(.accepted, detail: "") }
    }

    @Test(
        "a repeated call that comes to nothing says nothing about the first",
        arguments: [
            (SendOutcome.accepted, SendOutcome.accepted), (.badNumber(.number), .badNumber(.number)),
            (.retry(.connection), .unknown(.connection)),
            (.throttled(.number, retryAfter: nil), .unknown(.number)),
            (.badConfiguration(.auth), .unknown(.auth)), (.unknown(.ambiguous), .unknown(.ambiguous)),
        ])
    func repetition(outcome: SendOutcome, expected: SendOutcome) {
        #expect(SendResult(outcome, detail: "").ofFirstCall.outcome == expected)
    }

    @Test("is possible with some gateways only")
    func who() async throws {
        let client = HTTPClient(configuration: .smsGateway())
        var yuntongxun = YuntongxunConfiguration(accountSID: "a", authToken: "b", appID: "c")
        #expect(Yuntongxun(configuration: yuntongxun, client: client).outcomeQuery == nil)
        yuntongxun.identifiesRequests = true
        #expect(Yuntongxun(configuration: yuntongxun, client: client).outcomeQuery != nil)
        #expect(GatewayCall.aliyun.provider("", client).outcomeQuery != nil)
        #expect(GatewayCall.tencent.provider("", client).outcomeQuery != nil)
        #expect(Unaskable().outcomeQuery == nil)
        try await client.shutdown()
    }
}
