/// What a service of one's own posts after it has taken a message: a JSON document, signed as messages are, with a secret of
/// its own.
public enum SignedWebhookReport {
    /// What it says; nil for what is no such document. A status that is not known says nothing.
    public static func read(_ body: [UInt8]) -> [DeliveryReport]? {
        guard let report = ReportMembers.object(body), report["type"] == "sms.report", let word = report["status"]
        else {
            return nil
        }
        guard let status = status(word) else { return [] }
        return [
            DeliveryReport(
                messageID: report["provider_message_id"], taskID: report["job_id"], status: status,
                code: report["code"] ?? (status == .failed ? word : nil))
        ]
    }

    private static func status(_ word: String) -> DeliveryReport.Status? {
        switch word {
        case "sent": .accepted
        case "delivered": .delivered
        case "failed", "expired", "rejected": .failed
        default: nil
        }
    }
}
