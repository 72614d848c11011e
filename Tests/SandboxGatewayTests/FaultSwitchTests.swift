import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import SandboxGateway

@Suite("Faults on demand", .timeLimit(.minutes(5)))
struct FaultSwitchTests {
    private static var configuration: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.numberInterval = .zero
        return configuration
    }

    private static func with(
        _ faults: [FaultSwitch] = [], _ body: (RunningSandbox) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.faults = faults
        try await RunningSandbox.with(configuration, body)
    }

    private static let refusals: [SandboxFault] = [
        .numberMalformed, .numberBlocked, .countryRefused, .authorizationRefused, .numberThrottled, .throttled,
        .systemFailed,
    ]

    @Test("are each of the vendor's refusals", arguments: VendorCalls.all)
    func refusals(_ vendor: VendorCalls) async throws {
        try await Self.with { sandbox in
            for (fault, code) in zip(Self.refusals, vendor.codes) {
                sandbox.server.faults.turnOn([FaultSwitch(fault, of: vendor.provider)])
                let answer = try await vendor.send(sandbox, 13_800_138_000)
                #expect(answer.text.contains(vendor.codeFrame.before + code + vendor.codeFrame.after), "\(fault)")
            }
            #expect(sandbox.server.inbox.messages().isEmpty)
            sandbox.server.faults.turnOff()
            #expect(try await vendor.send(sandbox, 13_800_138_000).text.contains(vendor.accepted))
        }
    }

    @Test("reset the connection", arguments: VendorCalls.all)
    func reset(_ vendor: VendorCalls) async throws {
        try await Self.with { sandbox in
            for (fault, messages) in [(SandboxFault.resetBeforeBody, 0), (.resetAfterBody, 0), (.resetAfterSending, 1)]
            {
                sandbox.server.faults.turnOn([FaultSwitch(fault, of: vendor.provider, count: 1)])
                await #expect(throws: (any Error).self) { try await vendor.send(sandbox, 13_800_138_000) }
                #expect(sandbox.server.inbox.messages().count == messages, "\(fault)")
            }
            let call = try await vendor.send(sandbox, 13_800_138_001)
            #expect(call.text.contains(vendor.accepted))
        }
    }

    @Test("reset the connection by TCP's own means, before the body or after it")
    func tcpReset() async throws {
        try await Self.with { sandbox in
            let port = try await sandbox.server.port
            let head = "POST \(TemplateCall().path) HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 2\r\n\r\n"
            sandbox.server.faults.turnOn([FaultSwitch(.resetBeforeBody, of: .yuntongxun)])
            let before = try RawConnection(port: port)
            before.send(head)
            #expect(try await before.receiveToEnd().isEmpty)
            #expect(before.wasReset)
            sandbox.server.faults.turnOn([FaultSwitch(.resetAfterBody, of: .yuntongxun)])
            let after = try RawConnection(port: port)
            after.send(head + "{")
            try await eventually("the call has come") {
                try await sandbox.request(.GET, "/stats").json()["received"] as? Int == 2
            }
            #expect(!after.isAtEnd)
            after.send("}")
            #expect(try await after.receiveToEnd().isEmpty)
            #expect(after.wasReset)
        }
    }

    @Test("leave the caller without an answer", arguments: VendorCalls.all)
    func silence(_ vendor: VendorCalls) async throws {
        try await Self.with { sandbox in
            for (fault, messages) in [(SandboxFault.hang, 0), (.hangAfterSending, 1)] {
                sandbox.server.faults.turnOn([FaultSwitch(fault, of: vendor.provider, count: 1)])
                let caller = Task { try await vendor.send(sandbox, 13_800_138_000).status }
                try await eventually("the call is counted") {
                    let faults = try await sandbox.request(.GET, "/stats").json()["faults"] as? [String: Int]
                    return faults?[fault.rawValue] == 1
                }
                caller.cancel()
                await #expect(throws: (any Error).self) { try await caller.value }
                #expect(sandbox.server.inbox.messages().count == messages)
            }
            try await eventually("the message's history says so") {
                sandbox.server.inbox.messages().first?.state == .unanswered
            }
        }
    }

    @Test("are answers that say nothing of the message", arguments: VendorCalls.all)
    func unreadable(_ vendor: VendorCalls) async throws {
        try await Self.with { sandbox in
            for (fault, type) in [(SandboxFault.garbage, "text/html"), (.wrongJSON, "application/json")] {
                sandbox.server.faults.turnOn([FaultSwitch(fault, of: vendor.provider, count: 1)])
                let answer = try await vendor.send(sandbox, fault == .garbage ? 13_800_138_000 : 13_800_138_001)
                #expect(answer.status == 200)
                #expect(answer.headers["Content-Type"] == [type])
            }
            #expect(sandbox.server.inbox.messages().count == 2)
            for status in [500, 502, 503, 504, 429] {
                sandbox.server.faults.turnOn([FaultSwitch(.httpError, of: vendor.provider, status: status)])
                #expect(try await vendor.send(sandbox, 13_800_138_002).status == status)
            }
            #expect(sandbox.server.inbox.messages().count == 2)
        }
    }

    @Test("are bytes that come one by one")
    func slowBytes() async throws {
        try await Self.with([FaultSwitch(.slowBytes, of: .webhook)]) { sandbox in
            let clock = ContinuousClock()
            var text = ""
            let time = try await clock.measure {
                text = try await sandbox.send(WebhookCall()).text
            }
            #expect(text.contains("accepted"))
            #expect(time >= .milliseconds(100) * (text.utf8.count - 1))
        }
    }

    @Test("hold the answer back")
    func latency() async throws {
        try await Self.with([FaultSwitch(nil, latency: 150)]) { sandbox in
            let clock = ContinuousClock()
            var code = ""
            let time = try await clock.measure { code = try await sandbox.send(TemplateCall()) }
            #expect(code == "000000")
            #expect(time >= .milliseconds(150))
        }
    }

    @Test("concern one provider, and as many calls as they are told")
    func extent() async throws {
        try await Self.with([FaultSwitch(.throttled, of: .yuntongxun, count: 2)]) { sandbox in
            #expect(try await sandbox.send(TwilioCall()).status == 201)
            var codes: [String] = []
            for _ in 1...3 { codes.append(try await sandbox.send(TemplateCall())) }
            #expect(codes == ["111111", "111111", "000000"])
            #expect(sandbox.server.faults.all.isEmpty)
        }
    }

    @Test("meet the share of calls that they are told")
    func probability() {
        let faults = FaultSwitches()
        faults.turnOn([FaultSwitch(.hang, of: .twilio, probability: 0.25)])
        let met = (0..<4000).filter { _ in faults.meet(.twilio) != nil }.count
        #expect((800...1200).contains(met))
        faults.turnOn([FaultSwitch(.hang, of: .twilio, probability: 0)])
        #expect((0..<1000).allSatisfy { _ in faults.meet(.twilio) == nil })
    }

    @Test("are switched on and off by HTTP")
    func routes() async throws {
        try await Self.with { sandbox in
            #expect(try await sandbox.request(.GET, "/faults").text == "[]")
            let one = #"{"provider":"twilio","fault":"http_error","latency_ms":5,"count":3,"status":503}"#
            let shown = try await sandbox.request(.PUT, "/faults", body: one)
            #expect(
                shown.text
                    == #"[{"count":3,"fault":"http_error","latency_ms":5,"probability":1,"provider":"twilio","status":503}]"#
            )
            let all = try await sandbox.request(.PUT, "/faults", body: #"[{"fault":"hang","probability":0.5}]"#)
            #expect(all.text.components(separatedBy: "hang").count == 7)
            #expect(try await sandbox.request(.DELETE, "/faults?provider=sns").text.contains("sns") == false)
            #expect(try await sandbox.request(.DELETE, "/faults").text == "[]")
        }
    }

    @Test(
        "that mean nothing are refused with the remedy",
        arguments: [
            ("", "write it like {"), ("hang", "write it like {"), (#"{"provider":"twilio"}"#, "needs a fault"),
            (#"{"fault":"hangs"}"#, "fault must be one of number_malformed"),
            (#"{"fault":"hang","provider":"nexmo"}"#, "provider must be one of yuntongxun"),
            (#"{"fault":"hang","latency":5}"#, "is no part of a switch"),
            (#"{"fault":"hang","latency_ms":-1}"#, "latency_ms must be a whole number from 0 to 120000"),
            (#"{"fault":"hang","probability":1.5}"#, "probability must be a number from 0 to 1"),
            (#"{"fault":"hang","count":0}"#, "count must be a whole number"),
            (#"{"fault":"http_error","status":200}"#, "status must be a whole number from 400 to 599"),
        ])
    func mistakes(_ json: String, _ remedy: String) async throws {
        try await Self.with { sandbox in
            let answer = try await sandbox.request(.PUT, "/faults", body: json)
            #expect(answer.status == 400)
            #expect(answer.text.contains(remedy), "\(answer.text)")
            #expect(try await sandbox.request(.GET, "/faults").text == "[]")
        }
    }

    @Test("cannot be switched by another site's page")
    func protection() async throws {
        try await Self.with { sandbox in
            let foreign: HTTPHeaders = ["Sec-Fetch-Site": "cross-site"]
            for method in [HTTPMethod.PUT, .DELETE] {
                let answer = try await sandbox.request(method, "/faults", headers: foreign, body: #"{"fault":"hang"}"#)
                #expect(answer.status == 403)
            }
            #expect(sandbox.server.faults.all.isEmpty)
            #expect(try await sandbox.request(.DELETE, "/faults?provider=nexmo").status == 400)
        }
    }

    @Test("are counted")
    func counted() async throws {
        try await Self.with([FaultSwitch(.garbage, of: .yuntongxun)]) { sandbox in
            let call = TemplateCall()
            _ = try await sandbox.request(.POST, call.path, headers: call.headers, body: call.body)
            let stats = try await sandbox.request(.GET, "/stats").json()
            #expect(stats["faults"] as? [String: Int] == ["garbage": 1])
            #expect(stats["accepted"] as? Int == 1)
        }
    }
}
