internal import Crypto
internal import FoundationEssentials

/// The vendor's status callbacks: a form, signed with the account's token.
struct TwilioReport: ReportForm {
    let account: SandboxAccount.Twilio

    func request(for report: DeliveryReport, to url: String) -> ReportRequest? {
        let status = report.status == .failed ? "undelivered" : report.status.rawValue
        let message = report.message
        var fields = [
            ("AccountSid", account.accountSID), ("ApiVersion", "2010-04-01"), ("MessageSid", message.messageID),
            ("MessageStatus", status), ("SmsSid", message.messageID), ("SmsStatus", status), ("To", message.mobile),
        ]
        if report.status == .failed { fields.append(("ErrorCode", "30003")) }
        if let sender = message.sender {
            fields.append(("From", sender))
        } else {
            fields.append(("From", account.from))
            fields.append(("MessagingServiceSid", account.messagingServiceSID))
        }
        return ReportRequest(
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Twilio-Signature", signature(of: fields, url: url)),
            ],
            body: fields.map { "\($0.0)=\(FormText.encoded($0.1))" }.joined(separator: "&"))
    }

    /// Over the address and all fields in the order of their names.
    private func signature(of fields: [(String, String)], url: String) -> String {
        let sorted = fields.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        let text = url + sorted.map { $0.0 + $0.1 }.joined()
        let key = SymmetricKey(data: Data(account.authToken.utf8))
        return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: key)).base64EncodedString()
    }
}
