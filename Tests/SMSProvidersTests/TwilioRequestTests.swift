import NIOCore
import NIOHTTP1
import Testing

@testable import SMSProviders

@Suite("A request to Twilio")
struct TwilioRequestTests {
    private let vector = TwilioVectors.all.request
    private let message = OutgoingMessage(mobile: "+15005550006", code: "012345", validMinutes: 5, taskID: "01HV")

    private func account(_ adjust: (inout TwilioConfiguration) -> Void = { _ in }) -> TwilioConfiguration {
        var account = TwilioConfiguration(
            accountSID: vector.user, authToken: vector.password, sender: "+15005550006")
        account.text = "{code} is your code.\n\n@example.com #{code}"
        adjust(&account)
        return account
    }

    private func request(_ message: OutgoingMessage, _ account: TwilioConfiguration) throws -> TwilioRequest {
        let recipient = try #require(PhoneNumberForm(message.mobile))
        return TwilioRequest(message, to: recipient, with: account, secondsSince1970: 1_767_323_045)
    }

    @Test("equals the worked example")
    func equalsVector() throws {
        let account = account { $0.statusCallback = "https://sms.example.com/v1/providers/twilio/status" }
        let request = try request(message, account)
        #expect(request.path == "/2010-04-01/Accounts/\(vector.user)/Messages.json")
        #expect(request.headers["Authorization"] == [vector.authorization])
        #expect(request.headers["Content-Type"] == ["application/x-www-form-urlencoded"])
        #expect(String(buffer: request.body) == vector.body)
    }

    @Test("signs in with the API key, and keeps the account in the path")
    func apiKey() throws {
        let request = try request(message, account { $0.apiKeySID = "SK1" })
        #expect(request.path == "/2010-04-01/Accounts/\(vector.user)/Messages.json")
        #expect(request.headers["Authorization"] == ["Basic U0sxOm1hZGUtdXAtYXV0aC10b2tlbi0wMDAw"])
    }

    @Test("names a messaging service as one")
    func messagingService() throws {
        let service = "MG" + String(repeating: "0", count: 32)
        let body = String(buffer: try request(message, account { $0.sender = service }).body)
        #expect(body.contains("&MessagingServiceSid=\(service)&"))
        #expect(!body.contains("From="))
    }

    @Test(
        "is valid for as long as the code, within what the gateway allows",
        arguments: [(300, 300), (100_000, 36_000), (-5, 1)])
    func validity(secondsLeft: Int, expected: Int) throws {
        var message = message
        message.expires = 1_767_323_045 + secondsLeft
        let body = String(buffer: try request(message, account()).body)
        #expect(body.hasSuffix("&ValidityPeriod=\(expected)"))
    }

    @Test("adds the task to a callback's own query, and a price if there is one")
    func callbackWithQuery() throws {
        let account = account {
            $0.statusCallback = "https://sms.example.com/?a=b"
            $0.maxPrice = "0.05"
        }
        let body = String(buffer: try request(message, account).body)
        #expect(body.hasSuffix("&StatusCallback=https%3A%2F%2Fsms.example.com%2F%3Fa%3Db%26job%3D01HV&MaxPrice=0.05"))
    }

    @Test("writes a number of mainland China in E.164, and the standard words")
    func mainland() throws {
        var message = message
        message.mobile = "13800138000"
        let body = String(buffer: try request(message, account { $0.text = MessageText.standard }).body)
        #expect(body.hasPrefix("To=%2B8613800138000&"))
        #expect(
            body.hasSuffix(
                "&Body=012345%20is%20your%20verification%20code.%20It%20is%20valid%20for%205%20minutes."
                    + "%20Do%20not%20share%20it%20with%20anyone."))
    }
}
