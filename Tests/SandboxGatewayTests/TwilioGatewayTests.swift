import Foundation
import NIOHTTP1
import Testing

@testable import SandboxGateway

@Suite("The sandbox's Twilio interface", .timeLimit(.minutes(5)))
struct TwilioGatewayTests {
    private typealias Refused = RefusedCall<TwilioCall, TwilioFault>

    private static let refused: [Refused] = [
        Refused(.notAuthenticated, "no Authorization") { $0.authorization = "" },
        Refused(.notAuthenticated, "a wrong token") { $0.password = "wrong" },
        Refused(.notAuthenticated, "an unknown user") { $0.user = "AC00000000000000000000000000000000" },
        Refused(.notAuthenticated, "another scheme") {
            $0.authorization = "Bearer " + base64("\($0.user):\($0.password)")
        },
        Refused(.notAuthenticated, "credentials that are not base64") {
            $0.authorization = "Basic \($0.user):\($0.password)"
        },
        Refused(.notAuthenticated, "credentials without a colon") { $0.authorization = "Basic " + base64($0.user) },
        Refused(.callbackInvalid, "a callback that is no address") {
            $0.wholeBody = $0.body + "&StatusCallback=nowhere"
        },
        Refused(.resourceUnknown, "another account in the address") {
            $0.pathSID = "AC00000000000000000000000000000000"
        },
        Refused(.resourceUnknown, "another version") { $0.version = "2008-08-01" },
        Refused(.numberMissing, "no To") { $0.to = nil },
        Refused(.numberMissing, "a body that is not a form") {
            $0.contentType = "application/json"
            $0.wholeBody = #"{"To":"+8613800138000"}"#
        },
        Refused(.numberInvalid, "a number without its country") { $0.to = "13800138000" },
        Refused(.numberInvalid, "a number that is too short") { $0.to = "+861380" },
        Refused(.numberInvalid, "a number that is too long") { $0.to = "+8613800138000123" },
        Refused(.numberInvalid, "a country that begins with 0") { $0.to = "+08613800138000" },
        Refused(.numberInvalid, "a plus sign that the form makes a space") {
            $0.wholeBody = "To=+8613800138000&From=%2B15005550006&Body=012345"
        },
        Refused(.numberInvalid, "the vendor's invalid number") { $0.to = "+15005550001" },
        Refused(.noRoute, "the vendor's number without a route") { $0.to = "+15005550002" },
        Refused(.countryNotEnabled, "the vendor's number abroad") { $0.to = "+15005550003" },
        Refused(.recipientOptedOut, "the vendor's blocked number") { $0.to = "+15005550004" },
        Refused(.numberNotMobile, "the vendor's landline") { $0.to = "+15005550009" },
        Refused(.senderMissing, "no From") { $0.from = nil },
        Refused(.senderInvalid, "a From that is no number") { $0.from = "15005550006" },
        Refused(.senderInvalid, "the vendor's invalid sender") { $0.from = "+15005550001" },
        Refused(.senderNotOwned, "somebody else's number") { $0.from = "+15005550123" },
        Refused(.senderNotOwned, "the vendor's number that nobody owns") { $0.from = "+15005550007" },
        Refused(.senderQueueFull, "the vendor's sender with a full queue") { $0.from = "+15005550008" },
        Refused(.messagingServiceUnknown, "an unknown messaging service") {
            $0.messagingServiceSID = "MG00000000000000000000000000000000"
        },
        Refused(.bodyMissing, "no Body") { $0.text = nil },
        Refused(.bodyTooLong, "1601 characters") { $0.text = String(repeating: "1", count: 1601) },
    ]

    /// The vendor's HTTP status for each of its codes.
    private static let statuses = [20003: 401, 20404: 404, 20429: 429, 21611: 429]

    @Test("takes a well-formed call, describes the message as the vendor does, and shows it")
    func accepted() async throws {
        try await RunningSandbox.with { sandbox in
            let answer = try await sandbox.send(TwilioCall())
            #expect(answer.status == 201)
            let json = try answer.json()
            let sid = try #require(json["sid"] as? String)
            #expect(sid.wholeMatch(of: /SM[0-9a-f]{32}/) != nil)
            #expect(json["status"] as? String == "queued")
            #expect(json["to"] as? String == "+8613800138000")
            #expect(json["from"] as? String == "+15005550006")
            #expect(json["num_segments"] as? String == "1")
            #expect(json["error_code"] is NSNull)
            #expect(json["price"] is NSNull)
            #expect(json["account_sid"] as? String == SandboxAccount.demo.twilio.accountSID)

            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.gateway == "twilio")
            #expect(shown.mobile == "+8613800138000")
            #expect(shown.text == "012345 is your code.\n\n@example.com #012345")
            #expect(shown.code == "012345")
            #expect(shown.messageID == sid)
        }
    }

    @Test("takes the messaging service in place of a number")
    func messagingService() async throws {
        try await RunningSandbox.with { sandbox in
            var call = TwilioCall()
            call.from = nil
            call.messagingServiceSID = SandboxAccount.demo.twilio.messagingServiceSID
            let answer = try await sandbox.send(call)
            #expect(answer.status == 201)
            #expect(try answer.json()["status"] as? String == "accepted")
        }
    }

    @Test("takes the specification's request")
    func vector() async throws {
        var configuration = SandboxConfiguration()
        // The vendor's own placeholder, which the example's address holds.
        configuration.account.twilio.accountSID = "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
        configuration.account.twilio.authToken = "made-up-auth-token-0000"
        try await RunningSandbox.with(configuration) { sandbox in
            var call = TwilioCall()
            call.pathSID = configuration.account.twilio.accountSID
            call.authorization = """
                Basic QUNYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWDptYWRlLXVwLWF1dGgtdG9rZW4tMDAwMA==
                """
            call.wholeBody = """
                To=%2B15005550006&From=%2B15005550006&Body=012345%20is%20your%20code.%0A%0A%40example.com%20%23012345\
                &StatusCallback=https%3A%2F%2Fsms.example.com%2Fv1%2Fproviders%2Ftwilio%2Fstatus%3Fjob%3D01HV
                """
            #expect(try await sandbox.send(call).status == 201)
            let shown = try #require(sandbox.server.inbox.messages().first)
            #expect(shown.text == "012345 is your code.\n\n@example.com #012345")
        }
    }

    @Test("answers with the vendor's code and status, and shows nothing", arguments: refused)
    private func refuses(_ refused: Refused) async throws {
        try await RunningSandbox.with { sandbox in
            var call = TwilioCall()
            refused.spoil(&call)
            let answer = try await sandbox.send(call)
            let code = refused.fault.rawValue
            #expect(answer.status == Self.statuses[code] ?? 400)
            let json = try answer.json()
            #expect(json["code"] as? Int == code)
            #expect(json["status"] as? Int == answer.status)
            #expect(json["more_info"] as? String == "https://www.twilio.com/docs/errors/\(code)")
            #expect((json["message"] as? String)?.isEmpty == false)
            #expect(answer.headers.contains(name: "WWW-Authenticate") == (answer.status == 401))
            #expect(sandbox.server.inbox.messages().isEmpty)
        }
    }

    @Test("has a test for every code that it can answer with")
    func everyCodeIsTested() {
        // Those of magic numbers have tests of their own.
        #expect(Set(Self.refused.map(\.fault)).union(TwilioFault.refusals.values) == Set(TwilioFault.allCases))
    }

    @Test("sends a number one message in 30 seconds, and other numbers theirs")
    func numberInterval() async throws {
        let clock = ManualClock()
        var configuration = SandboxConfiguration()
        configuration.now = { clock.now }
        try await RunningSandbox.with(configuration) { sandbox in
            var other = TwilioCall()
            other.to = "+8613900139000"
            var answers = [try await sandbox.send(TwilioCall()), try await sandbox.send(TwilioCall())]
            answers.append(try await sandbox.send(other))
            clock.advance(30)
            answers.append(try await sandbox.send(TwilioCall()))
            #expect(answers.map(\.status) == [201, 429, 201, 201])
            #expect(try answers[1].json()["code"] as? Int == 20429)
        }
    }

    @Test(
        "counts the parts that a text is cut into",
        arguments: [
            (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
            (String(repeating: "€", count: 80), 1), (String(repeating: "€", count: 81), 2),
            (String(repeating: "码", count: 70), 1), (String(repeating: "码", count: 71), 2),
            (String(repeating: "a", count: 307), 3),
        ])
    func segments(_ text: String, _ count: Int) {
        #expect(TwilioSegments.count(text) == count)
    }

    @Test("writes times as the vendor does")
    func times() {
        #expect(TwilioCalendar.string(Date(timeIntervalSince1970: 1_767_323_045)) == "Fri, 02 Jan 2026 03:04:05 +0000")
    }
}

extension RunningSandbox {
    func send(_ call: TwilioCall) async throws -> Answer {
        try await request(.POST, call.path, headers: call.headers, body: call.body)
    }
}
