import NIOHTTP1
import SandboxGateway

/// A request for a message written out by hand. Every part can be spoilt.
struct TwilioCall: Sendable {
    var version = "2010-04-01"
    var pathSID = SandboxAccount.demo.twilio.accountSID
    var user = SandboxAccount.demo.twilio.accountSID
    var password = SandboxAccount.demo.twilio.authToken
    /// What is put in place of the right header; an empty string leaves the header out.
    var authorization: String?
    var contentType = "application/x-www-form-urlencoded"
    var to: String? = "+8613800138000"
    var from: String? = SandboxAccount.demo.twilio.from
    var messagingServiceSID: String?
    var text: String? = "012345 is your code.\n\n@example.com #012345"
    /// What is put in place of the right body.
    var wholeBody: String?

    var path: String { "/\(version)/Accounts/\(pathSID)/Messages.json" }

    var headers: HTTPHeaders {
        let authorization = authorization ?? "Basic " + base64("\(user):\(password)")
        return HTTPHeaders(
            [("Authorization", authorization), ("Content-Type", contentType)].filter { !$0.1.isEmpty })
    }

    var body: String {
        wholeBody
            ?? formBody(["To": to, "From": from, "MessagingServiceSid": messagingServiceSID, "Body": text])
    }
}
