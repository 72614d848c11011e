internal import FoundationEssentials

/// Reports of a message that came by the signed webhook: signed in the same way, with the other key.
struct SignedWebhookReport: ReportForm {
    let account: SandboxAccount.SignedWebhook
    let now: @Sendable () -> Date

    func request(for report: DeliveryReport, to url: String) -> ReportRequest? {
        guard let signature = SignedWebhookSignature(secret: account.reportSecret) else { return nil }
        // The same for every repetition of one report.
        let id = "rep_\(report.message.messageID)_\(report.status.rawValue)"
        guard var request = json(Event(id: id, report)) else { return nil }
        let timestamp = "\(Int(now().timeIntervalSince1970))"
        request.headers = [
            ("content-type", "application/json"), ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", signature.sign(id: id, timestamp: timestamp, body: request.body)),
        ]
        return request
    }

    private struct Event: Encodable {
        var type = "sms.report"
        var id: String
        var jobID: String
        var messageID: String
        var status: String
        var code: String?
        var at: Int

        init(id: String, _ report: DeliveryReport) {
            self.id = id
            jobID = report.message.reference ?? ""
            messageID = report.message.messageID
            status = report.status.rawValue
            code = report.status == .failed ? "handset_unreachable" : nil
            at = Int(report.at.timeIntervalSince1970)
        }

        enum CodingKeys: String, CodingKey {
            case type, id, status, code, at
            case jobID = "job_id"
            case messageID = "provider_message_id"
        }
    }
}
