/// What Twilio posts to a message's StatusCallback: a form
/// (`https://www.twilio.com/docs/messaging/guides/track-outbound-message-status`).
///
/// Its signature covers address and fields, in ``TwilioCallbackSignature``.
public struct TwilioReport: Sendable {
    /// The fields, decoded.
    public let fields: [(name: String, value: String)]

    /// Nil for what is no form.
    public init?(_ body: [UInt8]) {
        guard let fields = PercentEncoding.fields(body) else { return nil }
        self.fields = fields
    }

    /// What it says; none when the status is not one of an outgoing message.
    ///
    /// - Parameter query: The query of the address that was called, in which the task's identifier is `job`.
    public func reports(query: String) -> [DeliveryReport] {
        guard let status = self["MessageStatus"].flatMap(Self.status) else { return [] }
        let job = PercentEncoding.fields(Array(query.utf8))?.first { $0.name == "job" }?.value
        return [DeliveryReport(messageID: self["MessageSid"], taskID: job, status: status, code: self["ErrorCode"])]
    }

    private subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func status(_ word: String) -> DeliveryReport.Status? {
        switch word {
        case "accepted", "scheduled", "queued", "sending", "sent": .accepted
        case "delivered", "read": .delivered
        case "undelivered", "failed", "canceled": .failed
        default: nil
        }
    }
}
