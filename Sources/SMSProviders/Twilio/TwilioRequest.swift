internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

/// One call that creates a message (Twilio API 2010-04-01), ready to be sent.
struct TwilioRequest: Sendable {
    let path: String
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// - Parameter secondsSince1970: The instant of the call, from which the rest of the code's life is counted.
    init(
        _ message: OutgoingMessage, to recipient: PhoneNumberForm, with account: TwilioConfiguration,
        secondsSince1970: Int
    ) {
        path = "/2010-04-01/Accounts/\(account.accountSID)/Messages.json"
        let user = account.apiKeySID ?? account.accountSID
        headers = [
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": "Basic \(Data("\(user):\(account.authToken)".utf8).base64EncodedString())",
        ]
        var fields = [
            ("To", recipient.e164),
            (Self.isMessagingService(account.sender) ? "MessagingServiceSid" : "From", account.sender),
            ("Body", MessageText.filled(message.templates[Twilio.name]?.text ?? account.text, for: message)),
        ]
        if let callback = account.statusCallback {
            let separator = callback.contains("?") ? "&" : "?"
            fields.append(("StatusCallback", "\(callback)\(separator)job=\(PercentEncoding.encode(message.taskID))"))
        }
        if let expires = message.expires {
            fields.append(("ValidityPeriod", String(Self.validityPeriod(expires - secondsSince1970))))
        }
        if let price = account.maxPrice { fields.append(("MaxPrice", price)) }
        body = ByteBuffer(string: PercentEncoding.form(fields.map { (name: $0.0, value: $0.1) }))
    }

    /// `MG` and 32 hexadecimal digits; a sender's name has at most eleven characters.
    private static func isMessagingService(_ sender: String) -> Bool {
        sender.utf8.count == 34 && sender.hasPrefix("MG")
    }

    /// How many seconds the gateway may keep the message, within what it allows.
    private static func validityPeriod(_ seconds: Int) -> Int {
        min(max(seconds, 1), 36_000)
    }
}
