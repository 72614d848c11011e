import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// The real programs, from the request to the gateway's report and the right code.
@Suite(.timeLimit(.minutes(5))) struct DeliveryReportTests {
    private static let secret = "0123456789abcdef0123456789abcdef"

    private func report(_ message: String, to system: RunningSystem, secret: String = secret) async throws -> UInt {
        var request = HTTPClientRequest(url: "\(system.api)/callbacks/yuntongxun/\(secret)")
        request.method = .POST
        request.body = .bytes(
            ByteBuffer(
                string: """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Request><action>SMSArrived</action><smsType>1</smsType><recvTime>20130923010010</recvTime>\
                    <apiVersion>2013-12-26</apiVersion><fromNum>13912345678</fromNum><appendCode></appendCode>\
                    <content>\(message)</content><status>0</status><dateSent>20130923010000</dateSent></Request>
                    """))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(15))
        _ = try await response.body.collect(upTo: 1 << 20)
        return response.status.code
    }

    @Test func whatTheGatewayReportsTheClientIsTold() async throws {
        let environment = [
            "SMS_YUNTONGXUN_CALLBACK_SECRET": Self.secret, "SMS_WORK_BITS": "8", "SMS_LOG_LEVEL": "trace",
        ]
        let system = try await RunningSystem()
        let programs = [
            try await system.startAPI(environment: environment), try await system.startSandbox(),
            try await system.startWorker(environment: ["SMS_LOG_LEVEL": "trace"]),
        ]
        let client = VerificationClient(api: system.api)
        let id = try await client.start(RunningSystem.mobile)
        func state() async throws -> String {
            try await client.post("verifications/delivery", ["id": id]).text("state")
        }
        try await eventually("a gateway has taken it") { try await state() == "accepted" }
        let key = try await system.broker("KEYS", "sms:delivery:message:*")
        let reference = try await system.broker("HGET", key, "reference")
        #expect(try await report(reference, to: system, secret: String(Self.secret.reversed())) == 404)
        #expect(try await state() == "accepted")
        for _ in 0..<2 { #expect(try await report(reference, to: system) == 200) }
        #expect(try await state() == "delivered")
        let code = try #require(try await system.messages().first).code
        #expect(try await client.check(id, RunningSystem.mobile, code).status == 200)

        func metrics(_ port: Int) async throws -> String {
            try await system.get("http://127.0.0.1:\(port)/metrics").text
        }
        try await eventually("the code is credited to the provider") {
            try await metrics(system.apiOperationsPort)
                .contains(#"sms_confirmed_total{provider="yuntongxun",country="CN"} 1"#)
        }
        let api = try await metrics(system.apiOperationsPort)
        let labels = #"provider="yuntongxun",state="delivered""#
        #expect(api.contains(#"sms_reports_total{\#(labels),outcome="new"} 1"#))
        #expect(api.contains(#"sms_reports_total{\#(labels),outcome="repeated"} 1"#))
        #expect(api.contains(#"sms_delivery_duration_seconds_count{provider="yuntongxun"} 1"#))
        #expect(api.contains(#"sms_code_duration_seconds_count{provider="yuntongxun"} 1"#))
        let worker = try await metrics(system.workerOperationsPort)
        #expect(worker.contains(#"sms_acceptance_duration_seconds_count{provider="yuntongxun"} 1"#))
        for text in [api, worker] + programs.map({ $0.output + $0.errorOutput }) {
            #expect(!text.contains(Self.secret))
        }
        for program in programs {
            program.signal(SIGTERM)
            #expect(try await program.waitForExit() == .code(0))
        }
    }
}
