import Testing

@testable import TaskQueue

@Suite struct TaskMessageTests {
    private struct Code: TaskArguments, Equatable {
        var mobile: String
        var code: String
        enum CodingKeys: String, CodingKey {
            case mobile
            case code = "sms_code"
        }
        static let parameterNames = ["mobile", "sms_code"]
    }

    @Test(arguments: ["default", "kwargs", "options", "plain_body_utf8", "priority_3", "ignore_result"])
    func decodesWhatCeleryWrote(_ name: String) throws {
        let message = try TaskMessage(try Sample.message(name))
        #expect(message.task == "ccp_send_sms_code")
        #expect(!message.id.isEmpty)
        let arguments = try ArgumentCoding.decode(Code.self, from: message)
        #expect(arguments.mobile.hasPrefix("138"))
        #expect(arguments.code.count == 6)
    }

    @Test func textOfAnyScriptArrivesAsItWas() throws {
        let arguments = try ArgumentCoding.decode(Code.self, from: TaskMessage(try Sample.message("unicode")))
        #expect(arguments == Code(mobile: "手机 13800000000", code: "😀 café \"quote\" \\ / \n\t\u{2028}"))
    }

    @Test func readsTimesRetriesAndPriority() throws {
        #expect(try TaskMessage(try Sample.message("countdown")).eta != nil)
        #expect(try TaskMessage(try Sample.message("eta_offset")).eta?.text == "2031-05-05T23:08:09+00:00")
        #expect(try TaskMessage(try Sample.message("eta_naive")).eta?.text == "2031-05-06T07:08:09+00:00")
        #expect(try TaskMessage(try Sample.message("expires")).expires != nil)
        #expect(try TaskMessage(try Sample.message("priority_3")).priority == .high)
        #expect(try TaskMessage(try Sample.message("priority_9")).priority == .lowest)
    }

    @Test(arguments: [
        ("serializer_pickle", MessageRefusal.Reason.contentType), ("nan", .malformed),
    ])
    func refusesWithTheReasonWhatItCannotRun(_ name: String, _ reason: MessageRefusal.Reason) throws {
        #expect(Sample.refusal(try Sample.message(name)) == reason)
    }

    @Test(arguments: [
        "", "not json", "[]", "{}", #"{"headers":{}}"#, #"{"headers":{"task":"t"}}"#,
        #"{"headers":{"task":"t","id":7}}"#,
        #"{"headers":{"task":"t","id":"1"},"content-type":"application/json"}"#,
        #"{"headers":{"task":"t","id":"1"},"content-type":"application/json","body":"[[],{}]"}"#,
        #"{"headers":{"task":"t","id":"1"},"content-type":"application/json","body":"[[],null,{}]"}"#,
        #"{"headers":{"task":"t","id":"1","eta":5},"content-type":"application/json","body":"[[],{},{}]"}"#,
        #"{"headers":{"task":"t","id":"1"},"content-type":"application/json","body":"W10=","properties":{"body_encoding":"rot13"}}"#,
    ])
    func refusesMalformedMessages(_ text: String) {
        #expect(Sample.refusal(Array(text.utf8)) == .malformed)
    }

    @Test func theMinimalMessageIsEnough() throws {
        let text =
            #"{"body":"[[\"13800000000\",\"482913\"],{},{}]","content-type":"application/json","headers":{"task":"ccp_send_sms_code","id":"40ea"}}"#
        let message = try TaskMessage(Array(text.utf8))
        #expect(try ArgumentCoding.decode(Code.self, from: message) == Code(mobile: "13800000000", code: "482913"))
    }

    @Test func republishingKeepsEveryFieldButThoseThatChange() throws {
        let raw = try Sample.message("options")
        let original = try JSONText(raw)
        let eta = WireTime(microseconds: 1_795_413_404_000_000)
        let again = try JSONText(try TaskMessage(raw).republished(retries: 3, eta: eta, redeliveries: 2))
        #expect(again["body"]?.bytes == original["body"]?.bytes)
        let headers = try #require(again["headers"])
        #expect(headers["retries"]?.integer == 3)
        #expect(headers["eta"]?.string == eta.text)
        #expect(headers["redelivered"]?.boolean == true)
        #expect(headers["x-redeliveries"]?.integer == 2)
        for (name, value) in try #require(original["headers"]).members where !["retries", "eta"].contains(name) {
            #expect(headers[name]?.bytes == value.bytes, "\(name)")
        }
        let properties = try #require(again["properties"])
        #expect(properties["delivery_tag"]?.string != original["properties"]?["delivery_tag"]?.string)
        #expect(properties["reply_to"]?.bytes == original["properties"]?["reply_to"]?.bytes)
        #expect(properties["delivery_info"]?["redelivered"]?.boolean == true)
    }

    @Test func thatAMessageHasOnlyWaitedIsForgottenOnceItWasTried() throws {
        let raw = try Sample.message("options")
        #expect(try !TaskMessage(raw).hasWaited)
        let waited = try TaskMessage(try TaskMessage(raw).republished(eta: .now, hasWaited: true))
        #expect(waited.hasWaited)
        #expect(try TaskMessage(waited.republished(hasWaited: true)).hasWaited)
        #expect(try !TaskMessage(waited.republished(retries: 1)).hasWaited)
        #expect(try !TaskMessage(waited.republished(redeliveries: 1)).hasWaited)
        #expect(try !TaskMessage(DeadMessage(waited.raw).revived(isUnknown: true)).hasWaited)
    }

    @Test func argumentsThatDoNotFitAreRefusedWithoutTheirValues() throws {
        func refusal(_ body: String) throws -> MessageRefusal? {
            let envelope =
                #"{"body":\#(String(decoding: JSONString.encode(body), as: UTF8.self)),"content-type":"application/json","headers":{"task":"t","id":"1"}}"#
            let message = try TaskMessage(Array(envelope.utf8))
            do throws(MessageRefusal) {
                _ = try ArgumentCoding.decode(Code.self, from: message)
                return nil
            } catch {
                return error
            }
        }
        #expect(try refusal(#"[["13800138000"],{"sms_code":"123456"},{}]"#) == nil)
        #expect(try refusal(#"[["13800138000"],{},{}]"#)?.message == "t: the argument sms_code is missing")
        #expect(try refusal(#"[[13800138000,"123456"],{},{}]"#)?.message == "t: the argument mobile has the wrong type")
        #expect(try refusal(#"[["1","2","3"],{},{}]"#)?.message == "t takes 2 arguments, got 3")
        #expect(try refusal(#"[[],{"number":"13800138000"},{}]"#)?.reason == .arguments)
    }

    @Test(arguments: ["1e300", "1e999", "-1", "1000000000000000000000000000000"])
    func anAbsurdTimeLimitIsNone(_ seconds: String) throws {
        let message = try TaskMessage(
            Array(
                #"{"body":"[[],{},{}]","content-type":"application/json","headers":{"task":"t","id":"1","timelimit":[\#(seconds),\#(seconds)]}}"#
                    .utf8))
        #expect(message.timeLimits == nil)
    }

    @Test(arguments: ["1e300", "1e13", "-5", "99999999999999999999999"])
    func absurdTimesOfWhatFollowsAreNone(_ seconds: String) throws {
        let options =
            #"{"countdown":\#(seconds),"expires":\#(seconds),"time_limit":\#(seconds),"soft_time_limit":\#(seconds)}"#
        let body = #"[[],{},{"errbacks":[{"task":"next","args":[],"kwargs":{},"options":\#(options)}]}]"#
        let message = try TaskMessage(
            Array(
                #"{"body":\#(String(decoding: JSONString.encode(body), as: UTF8.self)),"content-type":"application/json","headers":{"task":"t","id":"1"}}"#
                    .utf8))
        let followUps = FollowUps(afterFailureOf: message, queue: "q", now: .now)
        #expect(followUps.tasks.map(\.task) == ["next"])
        #expect(
            followUps.tasks[0].eta == nil && followUps.tasks[0].expires == nil && followUps.tasks[0].timeLimits == nil)
    }
}
