import Testing

@testable import SMSProviders

/// The tests have a type of the same name.
private typealias FormReport = SMSProviders.TwilioReport

/// What gateways post, in the forms that their documentation shows.
@Suite("A delivery report") struct DeliveryReportTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("of Yuntongxun is read in JSON and XML alike")
    func yuntongxun() {
        let json = """
            {"Request":{"action":"SMSArrived","smsType":"1","apiVersion":"2013-12-26",\
            "content":"ff8080813c373cab013c94b0f0512345","fromNum":"13912345678","dateSent":"20130923010000",\
            "recvTime":"20130923010010","status":"0","deliverCode":"DELIVRD","reqId":"123","smsCount":"2"}}
            """
        let delivered = DeliveryReport(
            messageID: "ff8080813c373cab013c94b0f0512345", status: .delivered, code: "DELIVRD")
        #expect(YuntongxunReport.read(bytes(json)) == [delivered])
        let xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Request><action>SMSArrived</action><smsType>1</smsType><recvTime>20130923010010</recvTime>\
            <apiVersion>2013-12-26</apiVersion><fromNum>13912345678</fromNum><appendCode></appendCode>\
            <content>ff8080813c373cab013c94b0f0512345</content><status>1</status><dateSent>20130923010000</dateSent>\
            </Request>
            """
        let failed = DeliveryReport(messageID: "ff8080813c373cab013c94b0f0512345", status: .failed, code: "1")
        #expect(YuntongxunReport.read(bytes(xml)) == [failed])
    }

    @Test("is no person's own message")
    func uplink() {
        let text = #"{"Request":{"action":"SMSArrived","smsType":"0","content":"012345","fromNum":"13912345678"}}"#
        #expect(YuntongxunReport.read(bytes(text)) == [])
    }

    @Test("of Aliyun stands in a list, with the task's identifier")
    func aliyun() {
        let mainland = """
            [{"phone_number":"13800138000","send_time":"2017-01-01 11:12:13","report_time":"2017-02-02 22:23:24",\
            "success":true,"err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1","biz_id":"12345","out_id":"67890"},\
            {"phone_number":"13800138001","success":false,"err_code":"MOBILE_NOT_ON_SERVICE","biz_id":"900619^0"}]
            """
        #expect(
            AliyunReport.read(bytes(mainland)) == [
                DeliveryReport(messageID: "12345", taskID: "67890", status: .delivered, code: "DELIVERED"),
                DeliveryReport(messageID: "900619^0", status: .failed, code: "MOBILE_NOT_ON_SERVICE"),
            ])
        let abroad = """
            [{"To":"85260000000","Status":"1","MessageId":"1008030300","SmsSize":"1","TaskId":"1","SendDate":"",\
            "ReceiveDate":"","ErrorCode":"DELIVERED","ErrorDescription":""},{"Status":2,"MessageId":"2"},\
            {"Status":6,"MessageId":"6"}]
            """
        #expect(
            AliyunReport.read(bytes(abroad)) == [
                DeliveryReport(messageID: "1008030300", status: .delivered, code: "DELIVERED"),
                DeliveryReport(messageID: "2", status: .failed), DeliveryReport(messageID: "6", status: .failed),
            ])
    }

    @Test("of Tencent stands in a list")
    func tencent() {
        let text = """
            [{"user_receive_time":"2015-10-17 08:03:04","nationcode":"86","mobile":"13xxxxxxxxx",\
            "report_status":"SUCCESS","errmsg":"DELIVRD","description":"用户短信送达成功","sid":"5000:1045710669157053657849499619"},\
            {"report_status":"FAIL","errmsg":"UNDELIV","sid":"5000:2"}]
            """
        #expect(
            TencentReport.read(bytes(text)) == [
                DeliveryReport(messageID: "5000:1045710669157053657849499619", status: .delivered, code: "DELIVRD"),
                DeliveryReport(messageID: "5000:2", status: .failed, code: "UNDELIV"),
            ])
    }

    @Test("of Twilio is a form, with the task's identifier in the address")
    func twilio() throws {
        let form = "MessageSid=SM1&SmsSid=SM1&MessageStatus=undelivered&ErrorCode=30003&To=%2B15005550009&From=%2B1500"
        let report = try #require(FormReport(bytes(form)))
        #expect(
            report.reports(query: "a=b&job=7b5275dd%2D1") == [
                DeliveryReport(messageID: "SM1", taskID: "7b5275dd-1", status: .failed, code: "30003")
            ])
        #expect(report.fields.contains { $0.name == "To" && $0.value == "+15005550009" })
    }

    @Test(
        "of Twilio is final or not",
        arguments: [
            ("queued", .accepted), ("sending", .accepted), ("sent", .accepted), ("accepted", .accepted),
            ("scheduled", .accepted), ("delivered", .delivered), ("read", .delivered), ("undelivered", .failed),
            ("failed", .failed), ("canceled", .failed), ("received", nil), ("", nil),
        ] as [(String, DeliveryReport.Status?)])
    func twilioStatus(_ word: String, _ status: DeliveryReport.Status?) throws {
        let report = try #require(FormReport(bytes("MessageSid=SM1&MessageStatus=\(word)")))
        #expect(report.reports(query: "").map(\.status) == [status].compactMap(\.self))
    }

    @Test("of a webhook is the worked example")
    func webhook() {
        let vector = WebhookVectors.all.report
        #expect(
            SignedWebhookReport.read(bytes(vector.body)) == [
                DeliveryReport(
                    messageID: "m-1", taskID: "job_01HV0000000000000000000001", status: .delivered)
            ])
        for (word, status) in [("expired", DeliveryReport.Status.failed), ("rejected", .failed), ("sent", .accepted)] {
            let text = #"{"type":"sms.report","id":"r","job_id":"j","status":"\#(word)"}"#
            #expect(SignedWebhookReport.read(bytes(text))?.map(\.status) == [status])
        }
        #expect(SignedWebhookReport.read(bytes(#"{"type":"sms.report","status":"eaten"}"#)) == [])
    }

    @Test(
        "is nothing else",
        arguments: ["", "{", "[]x", "null", "1", "\"a\"", "<a>", "<a/>", "{\"Request\":1}", "a=%zz", "\u{0}"])
    func others(_ text: String) {
        #expect(YuntongxunReport.read(bytes(text)) == nil)
        #expect(AliyunReport.read(bytes(text)) == nil)
        #expect(TencentReport.read(bytes(text)) == nil)
        #expect(SignedWebhookReport.read(bytes(text)) == nil)
    }

    @Test("with strange entries loses these alone")
    func strangeEntries() {
        let text = #"[null, 1, [], {}, {"sid": 5, "report_status": "SUCCESS"}, {"sid": {}, "report_status": "FAIL"}]"#
        #expect(TencentReport.read(bytes(text)) == [DeliveryReport(messageID: "5", status: .delivered)])
        #expect(AliyunReport.read(bytes("[{\"biz_id\": \"1\"}, {\"success\": true}]")) == [])
        #expect(FormReport(bytes("MessageSid=%F0%28&MessageStatus=sent")) == nil)
    }

    @Test("comes to an address that nobody can guess")
    func secrets() throws {
        let secret = try #require(CallbackSecret("0123456789abcdef0123456789abcdef"))
        #expect(secret.matches("0123456789abcdef0123456789abcdef"))
        #expect(!secret.matches("0123456789abcdef0123456789abcdeF"))
        #expect(!secret.matches(""))
        #expect("\(secret)" == "callback secret ****")
        for text in [
            "", "0123456789abcdef01234", "0123456789abcdef/0123456789abcdef", String(repeating: "a", count: 129),
        ] {
            #expect(CallbackSecret(text) == nil)
        }
    }
}
