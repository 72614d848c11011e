internal import NIOCore
internal import NIOHTTP1

/// One message as a signed JSON document, ready to be sent.
struct SignedWebhookRequest: Sendable {
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameter secondsSince1970: The instant of this attempt, which the signature holds.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, with configuration: SignedWebhookConfiguration,
        secondsSince1970: Int
    ) {
        let id = Self.identifier(message.taskID)
        let json = Self.json(message, id: id, to: recipient, with: configuration)
        let signature = WebhookSignature(secrets: configuration.secrets.compactMap { WebhookSecret($0) })
        headers = [
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": String(secondsSince1970),
            "webhook-signature": signature.sign(id: id, timestamp: secondsSince1970, body: json.utf8),
            "user-agent": configuration.userAgent,
        ]
        body = ByteBuffer(string: json)
    }

    /// The same for every attempt of a task, so that the receiver can tell repetitions. A task's identifier that is not
    /// fit, as a foreign client may choose one, is replaced by its hash.
    static func identifier(_ taskID: String) -> String {
        WebhookSignature.isIdentifier(taskID) ? taskID : Digest.sha256(taskID.utf8)
    }

    private static func json(
        _ message: OutgoingMessage, id: String, to recipient: PhoneNumberForm,
        with configuration: SignedWebhookConfiguration
    ) -> String {
        let minutes = String(message.validMinutes)
        var members = [
            "\"type\":\"sms.send\"",
            "\"id\":\(JSONText.literal(id))",
            "\"to\":\(JSONText.literal(recipient.e164))",
            "\"template\":\(JSONText.literal(message.purpose))",
            "\"locale\":\(JSONText.literal(message.locale))",
            "\"params\":{\"code\":\(JSONText.literal(message.code)),\"minutes\":\(JSONText.literal(minutes))}",
        ]
        if let text = message.templates[SignedWebhook.name]?.text ?? configuration.text {
            members.append("\"text\":\(JSONText.literal(MessageText.filled(text, for: message)))")
        }
        if let expires = message.expires { members.append("\"not_after\":\(expires)") }
        if let url = configuration.reportURL { members.append("\"report_url\":\(JSONText.literal(url))") }
        return "{\(members.joined(separator: ","))}"
    }
}
