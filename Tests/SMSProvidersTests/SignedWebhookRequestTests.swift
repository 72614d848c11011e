import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A webhook request")
struct SignedWebhookRequestTests {
    private let vector = WebhookVectors.all.send

    private var message: OutgoingMessage {
        var message = OutgoingMessage(
            mobile: "13800138000", code: "012345", validMinutes: 5, taskID: "01HV0000000000000000000001")
        message.expires = 1_767_323_345
        return message
    }

    private func request(
        _ message: OutgoingMessage, _ adjust: (inout SignedWebhookConfiguration) -> Void = { _ in }
    ) throws -> SignedWebhookRequest {
        var configuration = SignedWebhookConfiguration(url: "https://sms.example.com/send", secrets: [vector.secret])
        adjust(&configuration)
        let recipient = try #require(PhoneNumberForm(message.mobile))
        return SignedWebhookRequest(message, to: recipient, with: configuration, secondsSince1970: 1_767_323_045)
    }

    @Test("has the worked example's body, and the task's identifier and the time in its head")
    func equalsVector() throws {
        let request = try request(message) { $0.userAgent = "sms-queue/1.0" }
        #expect(String(buffer: request.body) == vector.body)
        #expect(request.headers["webhook-id"] == [message.taskID])
        #expect(request.headers["webhook-timestamp"] == [vector.timestamp])
        #expect(request.headers["content-type"] == ["application/json"])
        #expect(request.headers["user-agent"] == ["sms-queue/1.0"])
    }

    @Test("tells where to report, if anywhere")
    func reportAddress() throws {
        let body = String(
            buffer: try request(message) { $0.reportURL = "https://sms.example.com/callbacks/webhook" }.body)
        #expect(body.hasPrefix(vector.body.dropLast()))
        #expect(body.hasSuffix(#","report_url":"https://sms.example.com/callbacks/webhook"}"#))
    }

    @Test("is signed by each secret while one is being replaced")
    func rotation() throws {
        let other = WebhookVectors.all.published.secret
        let request = try request(message) { $0.secrets.append(other) }
        let header = try #require(request.headers.first(name: "webhook-signature"))
        let signatures = header.split(separator: " ").map { String($0) }
        #expect(signatures.count == 2)
        for (signature, secret) in zip(signatures, [vector.secret, other]) {
            let check = WebhookSignature(secrets: [try #require(WebhookSecret(secret))])
            #expect(
                check.isValid(
                    signature, id: message.taskID, timestamp: vector.timestamp, body: vector.body.utf8,
                    secondsSince1970: 1_767_323_045))
        }
    }

    @Test("carries the words if there are any, and no end if nobody knows it")
    func optionalMembers() throws {
        var message = message
        message.expires = nil
        message.purpose = "re\"set"
        message.locale = "en"
        let body = String(buffer: try request(message) { $0.text = "{code}!" }.body)
        #expect(
            body == #"{"type":"sms.send","id":"01HV0000000000000000000001","to":"+8613800138000","#
                + #""template":"re\"set","locale":"en","params":{"code":"012345","minutes":"5"},"text":"012345!"}"#)
    }

    @Test("has an identifier without a dot, the same each time, whatever the task is called")
    func identifier() {
        #expect(SignedWebhookRequest.identifier("a-B_9") == "a-B_9")
        for unfit in ["", "a.b", "密", "a\r\nb", String(repeating: "a", count: 65)] {
            let identifier = SignedWebhookRequest.identifier(unfit)
            #expect(WebhookSignature.isIdentifier(identifier))
            #expect(identifier == SignedWebhookRequest.identifier(unfit))
        }
        #expect(SignedWebhookRequest.identifier("a.b") != SignedWebhookRequest.identifier("a.c"))
    }
}
