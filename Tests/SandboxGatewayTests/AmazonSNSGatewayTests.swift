import Foundation
import NIOHTTP1
import Testing

@testable import SandboxGateway

@Suite("The sandbox's Amazon SNS interface", .timeLimit(.minutes(5)))
struct AmazonSNSGatewayTests {
    private typealias Refused = RefusedCall<PublishCall, AmazonSNSFault>

    private static let refused: [Refused] = [
        Refused(.authorizationMissing, "no Authorization") { $0.authorization = "" },
        Refused(.authorizationIncomplete, "no signature") {
            $0.authorization = "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host"
        },
        Refused(.authorizationIncomplete, "a credential without its scope") {
            $0.authorization = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00"
        },
        Refused(.dateMissing, "no x-amz-date") { $0.sendsTimestamp = false },
        Refused(.dateMalformed, "an x-amz-date with separators") { $0.timestamp = "2026-01-02T03:04:05Z" },
        Refused(.dateMalformed, "a day that does not exist") { $0.timestamp = "20260230T030405Z" },
        Refused(.keyUnknown, "an unknown key") { $0.accessKeyID = "SANDBOXAWSKEYID99999" },
        Refused(.terminatorMismatch, "another terminator") { $0.terminator = "tc3_request" },
        Refused(.serviceMismatch, "another service") { $0.service = "ses" },
        Refused(.regionMismatch, "another region") { $0.region = "eu-west-1" },
        Refused(.scopeDateMismatch, "a key of another day") { $0.scopeDate = "20200101" },
        Refused(.headersNotSigned, "a host that is not signed") { $0.signedHeaders = ["content-type", "x-amz-date"] },
        Refused(.headersNotSigned, "a time that is not signed") { $0.signedHeaders = ["content-type", "host"] },
        Refused(.headersNotSigned, "a further header of the vendor's that is not signed") {
            $0.otherHeaders = [("x-amz-security-token", "token")]
        },
        Refused(.signatureExpired, "a signature of 16 minutes ago") { $0.timestamp = PublishCall.stamp(Date() - 960) },
        Refused(.signatureNotYetCurrent, "a signature of 16 minutes ahead") {
            $0.timestamp = PublishCall.stamp(Date() + 960)
        },
        Refused(.signatureMismatch, "a wrong secret") { $0.secret = "wrong" },
        Refused(.signatureMismatch, "a body that was changed") {
            $0.sentBody = $0.body.replacingOccurrences(of: "012345", with: "543210")
        },
        Refused(.signatureMismatch, "a signed header that is not there") {
            $0.signedHeaders = ["content-type", "host", "x-amz-date", "x-amz-target"]
        },
        Refused(.actionMissing, "no Action") { $0.action = nil },
        Refused(.actionMissing, "a body that is not a form") { $0.contentType = "application/json" },
        Refused(.actionUnknown, "another Action") { $0.action = "Subscribe" },
        Refused(.actionUnknown, "another Version") { $0.version = "2026-01-01" },
        Refused(.actionUnknown, "no Version") { $0.version = nil },
        Refused(.destinationMissing, "no PhoneNumber") { $0.number = nil },
        Refused(.numberInvalid, "a number without its country") { $0.number = "13800138000" },
        Refused(.numberInvalid, "a number with a space") { $0.number = "+86 13800138000" },
        Refused(.messageMissing, "no Message") { $0.text = nil },
        Refused(.messageMissing, "an empty Message") { $0.text = "" },
        Refused(.messageTooLong, "1601 characters") { $0.text = String(repeating: "1", count: 1601) },
        Refused(.attributeIncomplete, "an attribute without a type") { $0.attribute.type = nil },
        Refused(.attributeIncomplete, "an attribute without a value") { $0.attribute.value = nil },
        Refused(.attributeInvalid, "an unknown kind of message") { $0.attribute.value = "Urgent" },
        Refused(.attributeInvalid, "a sender of 12 characters") {
            $0.attribute = ("AWS.SNS.SMS.SenderID", "String", "ExampleExamp")
        },
        Refused(.attributeInvalid, "a price that is a text") {
            $0.attribute = ("AWS.SNS.SMS.MaxPrice", "String", "0.5")
        },
        Refused(.attributeInvalid, "a type that does not exist") { $0.attribute = ("Example", "Date", "2026") },
    ]

    /// The vendor's HTTP status for each of its codes.
    private static let statuses = [
        "MissingAuthenticationToken": 403, "InvalidClientTokenId": 403, "SignatureDoesNotMatch": 403,
    ]

    @Test("takes a well-formed call and shows the message")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let answer = try await sandbox.send(PublishCall())
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == ["text/xml"])
            let xml = try XMLText(answer.text)
            let messageID = try #require(xml["PublishResponse/PublishResult/MessageId"])
            #expect(UUID(uuidString: messageID) != nil)
            let requestID = try #require(xml["PublishResponse/ResponseMetadata/RequestId"])
            #expect(answer.headers["x-amzn-RequestId"] == [requestID])

            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.gateway == "sns")
            #expect(shown.mobile == "+8613800138000")
            #expect(shown.text == "Your code is 012345")
            #expect(shown.code == "012345")
            #expect(shown.messageID == messageID)
        }
    }

    @Test("takes the specification's request, byte by byte")
    func vector() async throws {
        var configuration = SandboxConfiguration()
        configuration.account.amazonSNS.accessKeyID = "TESTAWSKEYID00000001"
        configuration.account.amazonSNS.secretAccessKey = "testAwsSecret/0123456789+abcdefghijklmno"
        configuration.now = { Date(timeIntervalSince1970: 1_767_323_045) }
        try await RunningSandbox.with(configuration) { sandbox in
            var call = PublishCall()
            call.timestamp = "20260102T030405Z"
            call.authorization = """
                AWS4-HMAC-SHA256 Credential=TESTAWSKEYID00000001/20260102/us-east-1/sns/aws4_request, \
                SignedHeaders=content-type;host;x-amz-date, \
                Signature=be6e63197132f7eea2b42cd5ba736de4a0ef1b3699d3dcb88d6e8c60dd159316
                """
            call.wholeBody = """
                Action=Publish&Version=2010-03-31&PhoneNumber=%2B8613800138000&Message=Your%20code%20is%20012345\
                &MessageAttributes.entry.1.Name=AWS.SNS.SMS.SMSType\
                &MessageAttributes.entry.1.Value.DataType=String\
                &MessageAttributes.entry.1.Value.StringValue=Transactional
                """
            let answer = try await sandbox.send(call)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(sandbox.server.inbox.messages().map(\.text) == ["Your code is 012345"])
        }
    }

    @Test("answers with the vendor's code and status, and shows nothing", arguments: refused)
    private func refuses(_ refused: Refused) async throws {
        try await RunningSandbox.with { sandbox in
            var call = PublishCall()
            refused.spoil(&call)
            let answer = try await sandbox.send(call)
            let xml = try XMLText(answer.text)
            #expect(xml["ErrorResponse/Error/Code"] == refused.fault.code)
            #expect(xml["ErrorResponse/Error/Message"] == refused.fault.message)
            #expect(xml["ErrorResponse/Error/Type"] == "Sender")
            #expect(xml["ErrorResponse/RequestId"]?.isEmpty == false)
            #expect(answer.status == Self.statuses[refused.fault.code] ?? 400)
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("has a test for every fault that it looks for")
    func everyFaultIsTested() {
        // Those of magic numbers have tests of their own.
        #expect(Set(Self.refused.map(\.fault)).union(AmazonSNSFault.refusals.values) == Set(AmazonSNSFault.allCases))
    }

    @Test("takes signatures that are 15 minutes off either way")
    func window() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        configuration.numberInterval = .zero
        try await RunningSandbox.with(configuration) { sandbox in
            for seconds in [-900, 900] {
                let answer = try await sandbox.send(PublishCall(at: clock.now + Double(seconds)))
                #expect(answer.status == 200)
            }
        }
    }

    @Test("reads signed headers without their superfluous spaces, and takes the further attributes")
    func canonicalHeaders() async throws {
        try await RunningSandbox.with { sandbox in
            var call = PublishCall()
            call.signedHeaders.append("x-amz-note")
            call.otherHeaders = [("x-amz-note", "one two")]
            call.attribute = ("AWS.SNS.SMS.MaxPrice", "Number", "0.50")
            var headers = call.headers
            headers.replaceOrAdd(name: "x-amz-note", value: "one   two")
            let answer = try await sandbox.request(.POST, "/", headers: headers, body: call.body)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test("sends a number one message in 30 seconds, and other numbers theirs")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            let call = PublishCall(at: clock.now)
            var other = call
            other.number = "+8613900139000"
            var answers = [try await sandbox.send(call), try await sandbox.send(call), try await sandbox.send(other)]
            clock.advance(30)
            answers.append(try await sandbox.send(call))
            #expect(answers.map(\.status) == [200, 400, 200, 200])
            let xml = try XMLText(answers[1].text)
            #expect(xml["ErrorResponse/Error/Code"] == "Throttling")
        }
    }
}

extension RunningSandbox {
    func send(_ call: PublishCall) async throws -> Answer {
        try await request(.POST, "/", headers: call.headers, body: call.sentBody ?? call.body)
    }
}
