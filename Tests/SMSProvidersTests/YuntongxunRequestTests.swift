import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A TemplateSMS request")
struct YuntongxunRequestTests {
    @Test("equals the worked example", arguments: YuntongxunVector.all)
    func equalsVector(_ vector: YuntongxunVector) {
        #expect(ChinaTime.stamp(secondsSince1970: vector.secondsSince1970) == vector.timestamp)
        let account = YuntongxunConfiguration(
            accountSID: vector.accountSid, authToken: vector.authToken, appID: "8a216da8000000000000000000000002")
        let message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")
        let request = YuntongxunRequest(
            message, to: message.mobile, with: account, secondsSince1970: vector.secondsSince1970)
        #expect(request.path == vector.path)
        #expect(request.headers["Authorization"] == [vector.authorization])
        #expect(request.headers["Accept"] == ["application/json"])
        #expect(request.headers["Content-Type"] == ["application/json;charset=utf-8"])
        #expect(String(buffer: request.body) == vector.body)
        #expect(request.body.readableBytes == vector.contentLength)
    }

    @Test("identifies the attempt when it is told to, the same way at each repetition of it")
    func identifier() {
        var account = YuntongxunConfiguration(accountSID: "a", authToken: "b", appID: "c")
        var message = OutgoingMessage(mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "t")
        func body() -> String {
            String(buffer: YuntongxunRequest(message, to: message.mobile, with: account, secondsSince1970: 0).body)
        }
        #expect(!body().contains("reqId"))
        account.identifiesRequests = true
        let first = body()
        #expect(first.contains(#","reqId":""#))
        #expect(body() == first)
        message.attempt = 1
        #expect(body() != first)
    }

    @Test("escapes what it is given, so that no value can add members")
    func escapes() {
        #expect(JSONText.literal("a\"b\\c\n\u{1}中🙂") == "\"a\\\"b\\\\c\\n\\u0001中🙂\"")
    }

    @Test(
        "writes numbers in the vendor's form",
        arguments: [
            ("13800138000", "13800138000"), ("+8613800138000", "13800138000"), ("+85251234567", "0085251234567"),
            ("+14155550123", "0014155550123"),
        ])
    func recipient(mobile: String, expected: String) {
        #expect(YuntongxunRequest.recipient(mobile, internationalPrefix: "00") == expected)
    }

    @Test("writes numbers abroad without a prefix if the account wants none")
    func recipientWithoutPrefix() {
        #expect(YuntongxunRequest.recipient("+85251234567", internationalPrefix: "") == "85251234567")
    }

    @Test(
        "has no form for what is not a number",
        arguments: ["", "+", "1380013800x", "１３８００１３８０００", "+86 138", "13800138000,13900139000"])
    func noRecipient(mobile: String) {
        #expect(YuntongxunRequest.recipient(mobile, internationalPrefix: "00") == nil)
    }
}

@Suite("China time")
struct ChinaTimeTests {
    @Test(
        "is right at the calendar's edges",
        arguments: [
            (0, "19700101080000"), (-28_801, "19691231235959"), (951_753_599, "20000228235959"),
            (951_753_600, "20000229000000"), (951_840_000, "20000301000000"), (1_709_135_999, "20240228235959"),
            (1_709_222_399, "20240229235959"), (4_107_513_600, "21000301000000"),
            (4_107_513_599, "21000228235959"),
        ])
    func edges(seconds: Int, expected: String) {
        #expect(ChinaTime.stamp(secondsSince1970: seconds) == expected)
    }
}
