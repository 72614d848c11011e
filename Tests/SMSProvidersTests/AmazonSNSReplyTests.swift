import NIOCore
import Testing

@testable import SMSProviders

@Suite("Amazon SNS's answer")
struct AmazonSNSReplyTests {
    private static let accepted = """
        <?xml version="1.0"?>
        <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
          <PublishResult><MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult>
          <ResponseMetadata><RequestId>f187a3c1-376f-11df-8963-01868b7c937a</RequestId></ResponseMetadata>
        </PublishResponse>
        """

    private func error(_ code: String, _ message: String = "made up") -> String {
        """
        <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
          <Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>
          <RequestId>a0b1</RequestId>
        </ErrorResponse>
        """
    }

    private func result(_ status: Int, _ body: String, retryAfter: Duration? = nil) -> SendResult? {
        AmazonSNSReply(GatewayReply(status: status, retryAfter: retryAfter, body: ByteBuffer(string: body)))?.result
    }

    @Test("has the class and reason of the vendor's list")
    func listedCodes() {
        #expect(AmazonSNSCodeRow.all.count == 18)
        for row in AmazonSNSCodeRow.all {
            let result = result(400, error(row.code))
            #expect(result?.outcome.label == row.class, "\(row.code)")
            #expect(result?.outcome.reason?.rawValue == row.reason, "\(row.code)")
            #expect(result?.vendorCode == row.code)
        }
    }

    @Test("that calls the number a wrong parameter is about the number, and does not repeat it")
    func wrongNumber() {
        let message = "Invalid parameter: PhoneNumber Reason: +8613800138000 is not valid to publish to"
        let result = result(400, error("InvalidParameter", message))
        #expect(result?.outcome == .badNumber(.number))
        #expect(result?.detail.contains("138001") == false)
    }

    @Test(
        "falls back by status for a code that is not listed",
        arguments: [
            (400, SendOutcome.unknown(.unlisted)), (403, .badConfiguration(.unlisted)), (500, .unknown(.unlisted)),
            (429, .throttled(.rate, retryAfter: .seconds(3))),
        ])
    func unlistedCode(status: Int, expected: SendOutcome) {
        #expect(result(status, error("NewCode"), retryAfter: .seconds(3))?.outcome == expected)
    }

    @Test("names the message that was taken")
    func accepted() {
        let id = "94f20ce6-13c5-43a0-9a9e-ca52d816e90b"
        #expect(result(200, Self.accepted) == SendResult(.accepted, messageID: id, detail: "accepted"))
    }

    @Test("is no success under another status, whatever it holds")
    func statusAgainstBody() {
        #expect(result(404, Self.accepted) == nil)
    }

    @Test(
        "cannot be understood without a code and a message",
        arguments: [
            "", "OK", "{}", "<html><body>sorry</body></html>", "<PublishResponse/>", "<ErrorResponse>",
            "<MessageId>a</MessageId>", "<PublishResponse><PublishResult><MessageId>a</MessageId></PublishResult>",
            "<PublishResponse><PublishResult><MessageId></MessageId></PublishResult></PublishResponse>",
            "<ErrorResponse><Error><Code>+86 138</Code></Error></ErrorResponse>",
        ])
    func unreadable(body: String) {
        #expect(result(200, body) == nil)
    }
}

@Suite("An XML document")
struct XMLElementsTests {
    @Test("is read by the paths of its elements")
    func paths() {
        let text =
            "<?xml version='1.0'?>\r\n<!-- <a> --><a x=\"1\"><b>1 &lt;&amp;lt; 2</b><b>3</b><c /><d\n>\n</d ></a>\n"
        let document = XMLElements(text)
        #expect(document?["a/b"] == "1 <&lt; 2")
        #expect(document?["a/c"] == "")
        #expect(document?["a/d"] == "\n")
        #expect(document?["b"] == nil)
    }

    @Test(
        "is not read when it is broken or holds more than gateways write",
        arguments: [
            "", " ", "text", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a", "<>",
            "</>",
            "<!DOCTYPE a><a/>", "<a><![CDATA[x]]></a>", "<!-- <a/>", "<? <a/>", "<1/>",
            String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
        ])
    func broken(text: String) {
        #expect(XMLElements(text) == nil)
    }
}
