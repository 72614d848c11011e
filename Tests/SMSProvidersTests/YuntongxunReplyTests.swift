import NIOCore
import Testing

@testable import SMSProviders

@Suite("The vendor's answer")
struct YuntongxunReplyTests {
    @Test("has the class and reason of the vendor's list", arguments: YuntongxunCodeRow.all)
    func listedCode(_ row: YuntongxunCodeRow) {
        for code in row.codes {
            let outcome = YuntongxunCodes.meaning(of: code).outcome
            #expect(outcome.label == row.class, "\(code)")
            #expect(outcome.reason?.rawValue ?? "-" == row.reason, "\(code)")
        }
    }

    @Test("knows as many codes as the list has")
    func listSize() {
        #expect(YuntongxunCodeRow.all.count == 121)
    }

    @Test(
        "falls back by the first digits for a code that is not listed",
        arguments: [
            ("111199", SendOutcome.badConfiguration(.unlisted)), ("112399", .badConfiguration(.unlisted)),
            ("160099", .unknown(.unlisted)), ("999999", .unknown(.unlisted)), ("0", .unknown(.unlisted)),
            ("1111991", .unknown(.unlisted)),
        ])
    func unlistedCode(code: String, expected: SendOutcome) {
        #expect(YuntongxunCodes.meaning(of: code).outcome == expected)
    }

    @Test(
        "is read in each form that was seen",
        arguments: [
            #"{"statusCode":"000000","templateSMS":{"dateCreated":"20130201155306","smsMessageSid":"ff80"}}"#,
            #"{"statusCode":"000000","TemplateSMS":{"smsMessageSid":"ff80"}}"#,
            #"{"StatusCode":0,"templatesms":{"smsMessageSID":"ff80","dateCreated":""}}"#,
        ])
    func accepted(body: String) throws {
        let result = try #require(YuntongxunReply(ByteBuffer(string: body))).result
        #expect(result == SendResult(.accepted, vendorCode: "000000", messageID: "ff80", detail: "000000 accepted"))
    }

    @Test("is accepted even without a message's identifier")
    func acceptedWithoutIdentifier() throws {
        let result = try #require(YuntongxunReply(ByteBuffer(string: #"{"statusCode":"000000"}"#))).result
        #expect(result.outcome == .accepted)
        #expect(result.messageID == nil)
    }

    @Test("may carry its code as a number")
    func numericCode() throws {
        let body = #"{"statusCode":160038,"statusMsg":"13800138000 太频繁"}"#
        let result = try #require(YuntongxunReply(ByteBuffer(string: body))).result
        #expect(result.outcome == .throttled(.number, retryAfter: nil))
        #expect(result.vendorCode == "160038")
        #expect(!result.detail.contains("138001"))
    }

    @Test(
        "cannot be understood without a status code",
        arguments: [
            "", "OK", "[]", "{}", #"{"statusCode":null}"#, #"{"statusCode":""}"#, #"{"statusCode":"<script>"}"#,
            #"{"statusCode":1.5}"#, #"{"statusCode":"１１１１０９"}"#, #"{"statusCode":"111109""#,
            #"<?xml version="1.0"?><Response><statusCode>000000</statusCode></Response>"#,
        ])
    func unreadable(body: String) {
        #expect(YuntongxunReply(ByteBuffer(string: body)) == nil)
    }
}
