import Foundation
import SMSProviders
import TestSupport
import Testing

@testable import SandboxGateway

@Suite("Delivery reports", .timeLimit(.minutes(5)))
struct DeliveryReportTests {
    private static func configuration(_ baseURL: String) -> SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.magicNumbers = true
        configuration.numberInterval = .zero
        configuration.reportDelay = .milliseconds(40)
        configuration.lateReportDelay = .milliseconds(400)
        configuration.reportRepetitionDelay = .milliseconds(20)
        for provider in Provider.allCases {
            configuration.reportURLs[provider] = "\(baseURL)/v1/providers/\(provider.rawValue)/report"
        }
        return configuration
    }

    /// Sends one message to a number and returns the reports once there are that many.
    private static func reports(
        _ provider: Provider, to number: Int = 13_800_138_000, refusals: Int = 0, count: Int,
        _ change: (inout SandboxConfiguration) -> Void = { _ in }
    ) async throws -> (reports: [ReportReceiver.Report], message: InboxMessage) {
        var result: (reports: [ReportReceiver.Report], message: InboxMessage)?
        try await ReportReceiver.with(refusals: refusals) { receiver, baseURL in
            var configuration = configuration(baseURL)
            change(&configuration)
            try await RunningSandbox.with(configuration) { sandbox in
                let vendor = try #require(VendorCalls.all.first { $0.provider == provider })
                _ = try await vendor.send(sandbox, number)
                try await eventually("\(count) reports came and are noted") {
                    let events = sandbox.server.inbox.messages().first?.events ?? []
                    return events.filter { $0.kind == .report }.count == count
                }
                result = (receiver.reports, try #require(sandbox.server.inbox.messages().first))
            }
        }
        return try #require(result)
    }

    private static func json(_ report: ReportReceiver.Report?) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(try #require(report).body.utf8))
    }

    private static func china(_ date: Date, _ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Asia/Shanghai")
        formatter.dateFormat = format
        return formatter.string(from: date)
    }

    @Test("are Yuntongxun's, in JSON", arguments: [(0, "0", "DELIVRD"), (60, "1", "UNDELIV")])
    func yuntongxun(_ ending: Int, _ status: String, _ code: String) async throws {
        let (reports, message) = try await Self.reports(.yuntongxun, to: 13_800_138_000 + ending, count: 1)
        #expect(reports.map(\.path) == ["/v1/providers/yuntongxun/report"])
        let document = try #require(try Self.json(reports.first) as? [String: [String: String]])
        let event = try #require(document["Request"])
        #expect(event["action"] == "SMSArrived")
        #expect(event["smsType"] == "1")
        #expect(event["content"] == message.messageID)
        #expect(event["fromNum"] == message.mobile)
        #expect(event["dateSent"] == Self.china(message.received, "yyyyMMddHHmmss"))
        #expect(event["status"] == status)
        #expect(event["deliverCode"] == code)
        #expect(message.state == (ending == 60 ? .failed : .delivered))
    }

    @Test("are Yuntongxun's, in XML") func yuntongxunXML() async throws {
        let (reports, message) = try await Self.reports(.yuntongxun, count: 1) { $0.yuntongxunReportFormat = .xml }
        let report = try #require(reports.first)
        #expect(report.headers["content-type"]?.hasPrefix("application/xml") == true)
        #expect(
            report.body.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Request><action>SMSArrived</action>"))
        #expect(report.body.contains("<content>\(message.messageID)</content>"))
        #expect(report.body.contains("<status>0</status>"))
    }

    @Test("are Aliyun's", arguments: [(0, true, "DELIVERED"), (60, false, "MOBILE_NOT_ON_SERVICE")])
    func aliyun(_ ending: Int, _ success: Bool, _ code: String) async throws {
        let (reports, message) = try await Self.reports(.aliyun, to: 13_800_138_000 + ending, count: 1)
        let list = try #require(try Self.json(reports.first) as? [[String: Any]])
        #expect(list.count == 1)
        #expect(list.first?["phone_number"] as? String == message.mobile)
        #expect(list.first?["biz_id"] as? String == message.messageID)
        #expect(list.first?["out_id"] as? String == AliyunCall().parameters["OutId"])
        #expect(list.first?["success"] as? Bool == success)
        #expect(list.first?["err_code"] as? String == code)
        #expect(list.first?["send_time"] as? String == Self.china(message.received, "yyyy-MM-dd HH:mm:ss"))
    }

    @Test("are Tencent's", arguments: [(0, "SUCCESS", "DELIVRD"), (60, "FAIL", "UNDELIV")])
    func tencent(_ ending: Int, _ status: String, _ code: String) async throws {
        let (reports, message) = try await Self.reports(.tencent, to: 13_800_138_000 + ending, count: 1)
        let list = try #require(try Self.json(reports.first) as? [[String: String]])
        #expect(list.count == 1)
        #expect(list.first?["nationcode"] == "86")
        #expect(list.first?["mobile"] == String(message.mobile.dropFirst(3)))
        #expect(list.first?["report_status"] == status)
        #expect(list.first?["errmsg"] == code)
        #expect(list.first?["sid"] == message.messageID)
    }

    @Test(
        "are Twilio's, signed so that the client's own check agrees",
        arguments: [(0, "delivered"), (60, "undelivered")])
    func twilio(_ ending: Int, _ status: String) async throws {
        let (reports, message) = try await Self.reports(.twilio, to: 13_800_138_000 + ending, count: 2)
        let check = TwilioCallbackSignature(key: .authToken(SandboxAccount.demo.twilio.authToken))
        var statuses: [String?] = []
        for report in reports {
            let fields = FormText.fields(in: report.body, strayPercent: .isRefused).compactMap { $0 }
            let url = "http://\(report.headers["host"] ?? "")\(report.path)"
            #expect(
                check.isValid(
                    report.headers["x-twilio-signature"] ?? "", url: url,
                    parameters: fields.map { ($0.name, $0.value) }))
            statuses.append(fields.first { $0.name == "MessageStatus" }?.value)
            #expect(fields.first { $0.name == "MessageSid" }?.value == message.messageID)
            #expect(fields.first { $0.name == "To" }?.value == message.mobile)
        }
        #expect(Set(statuses) == ["sent", status], "on a busy machine the second may overtake the first")
    }

    @Test("go where Twilio's caller asks for them") func statusCallback() async throws {
        try await ReportReceiver.with { receiver, baseURL in
            var configuration = Self.configuration(baseURL)
            configuration.reportURLs = [:]
            try await RunningSandbox.with(configuration) { sandbox in
                var call = TwilioCall()
                let address = "\(baseURL)/twilio?job=7".replacingOccurrences(of: "=", with: "%3D")
                call.wholeBody = call.body + "&StatusCallback=\(address)"
                #expect(try await sandbox.send(call).status == 201)
                try await eventually("both came") { receiver.reports.count == 2 }
                #expect(receiver.reports.map(\.path) == ["/twilio?job=7", "/twilio?job=7"])
            }
        }
    }

    @Test("are the webhook's, signed with the other key", arguments: [(0, "delivered"), (60, "failed")])
    func webhook(_ ending: Int, _ status: String) async throws {
        let (reports, message) = try await Self.reports(.webhook, to: 13_800_138_000 + ending, count: 2)
        let signature = WebhookSignature(
            secrets: [try #require(WebhookSecret(SandboxAccount.demo.signedWebhook.reportSecret))])
        var statuses: [String?] = []
        for report in reports {
            let timestamp = try #require(report.headers["webhook-timestamp"].flatMap { Int($0) })
            let event = try #require(try Self.json(report) as? [String: Any])
            let id = try #require(report.headers["webhook-id"])
            #expect(event["id"] as? String == id)
            #expect(
                signature.sign(id: id, timestamp: timestamp, body: report.body.utf8)
                    == report.headers["webhook-signature"])
            #expect(event["type"] as? String == "sms.report")
            #expect(event["provider_message_id"] as? String == message.messageID)
            #expect(event["job_id"] as? String == "job_\(13_800_138_000 + ending)")
            statuses.append(event["status"] as? String)
        }
        #expect(Set(statuses) == ["sent", status], "on a busy machine the second may overtake the first")
    }

    @Test("may come three times") func repeated() async throws {
        let (reports, message) = try await Self.reports(.aliyun, to: 13_800_138_062, count: 3)
        #expect(Set(reports.compactMap { $0.body.components(separatedBy: message.messageID).count }) == [2])
        #expect(message.events.map(\.kind).filter { $0 == .delivered }.count == 1)
    }

    @Test("may come long after the message") func late() async throws {
        let (_, message) = try await Self.reports(.yuntongxun, to: 13_800_138_061, count: 1)
        #expect(message.events.map(\.kind) == [.received, .accepted, .delivered, .report])
        let arrived = try #require(message.events.first { $0.kind == .delivered }).at
        let told = try #require(message.events.last).at
        #expect(told.timeIntervalSince(arrived) > 0.2)
    }

    @Test(
        "may come before the answer, and the first after the last", arguments: [Provider.yuntongxun, .twilio, .webhook])
    func outOfOrder(_ provider: Provider) async throws {
        let count = provider == .yuntongxun ? 1 : 2
        let (reports, message) = try await Self.reports(provider, to: 13_800_138_063, count: count)
        #expect(message.events.prefix(4).map(\.kind) == [.received, .delivered, .report, .accepted])
        #expect(message.state == .delivered)
        let words = reports.map { $0.body.contains("delivered") }
        #expect(provider == .yuntongxun || words == [true, false])
    }

    @Test("may not come at all") func missing() async throws {
        try await ReportReceiver.with { receiver, baseURL in
            try await RunningSandbox.with(Self.configuration(baseURL)) { sandbox in
                sandbox.server.faults.turnOn([FaultSwitch(.reportMissing)])
                #expect(try await sandbox.send(TemplateCall()) == "000000")
                try await eventually("it has arrived") { sandbox.server.inbox.messages().first?.state == .delivered }
                #expect(receiver.reports.isEmpty)
            }
        }
    }

    @Test("that are not accepted are posted again until they are") func repeatedUntilAccepted() async throws {
        let (reports, message) = try await Self.reports(.yuntongxun, refusals: 2, count: 3)
        #expect(Set(reports.map(\.body)).count == 1, "the same each time")
        #expect(
            message.events.filter { $0.kind == .report }.map(\.detail) == [
                "delivered: HTTP 503, is posted again", "delivered: HTTP 503, is posted again", "delivered: HTTP 204",
            ])
        #expect(message.events.count { $0.kind == .delivered } == 1)
    }

    @Test("that nobody takes are posted a few times, and noted") func nobodyThere() async throws {
        var configuration = Self.configuration("http://127.0.0.1:9")
        configuration.magicNumbers = false
        try await RunningSandbox.with(configuration) { sandbox in
            #expect(try await sandbox.send(TemplateCall()) == "000000")
            try await eventually("the failure is noted") {
                sandbox.server.inbox.messages().first?.events.last?.detail == "delivered: no answer"
            }
            let events = try #require(sandbox.server.inbox.messages().first).events
            #expect(events.count { $0.kind == .report } == 4)
        }
    }

    @Test("need no address: the message arrives anyway", arguments: VendorCalls.all)
    func withoutAddress(_ vendor: VendorCalls) async throws {
        var configuration = Self.configuration("")
        configuration.reportURLs = [:]
        try await RunningSandbox.with(configuration) { sandbox in
            _ = try await vendor.send(sandbox, 13_800_138_000)
            try await eventually("it has arrived") { sandbox.server.inbox.messages().first?.state == .delivered }
            let message = try #require(sandbox.server.inbox.messages().first)
            #expect(message.events.map(\.kind) == [.received, .accepted, .delivered])
            #expect(message.gateway == vendor.provider.rawValue)
            #expect(message.template == vendor.template)
        }
    }
}
