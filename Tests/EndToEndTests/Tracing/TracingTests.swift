import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// A trace goes from whoever asks for a code to the call of the gateway, through the queue.
@Suite(.timeLimit(.minutes(5))) struct TracingTests {
    private static let mobile = "18612345678"
    private static let otherMobile = "18612345679"

    @Test func oneTraceLeadsFromTheRequestToTheGateway() async throws {
        let system = try await RunningSystem()
        let collector = try await TraceCollector.start()
        let environment = collector.environment.merging(["SMS_WORK_BITS": "8"]) { $1 }
        let programs = [
            try await system.startSandbox(), try await system.startAPI(environment: environment),
            try await system.startWorker(environment: collector.environment),
        ]
        let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        let id = UUID().uuidString.lowercased()
        _ = try await system.get("\(system.api)/image_codes/\(id)/")
        let text = try await system.redis.cli("GET", "img_\(id)", database: 2)
        var request = HTTPClientRequest(
            url: "\(system.api)/sms_codes/\(Self.mobile)/?image_code=\(text)&image_code_id=\(id)")
        request.headers.add(name: "traceparent", value: "00-\(trace)-\(parent)-01")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(15))
        #expect(response.status == .ok)

        let server = try await collector.span("sms-api", "GET /sms_codes/{mobile}")
        #expect(server.traceId == trace)
        #expect(server.parentSpanId == parent)
        #expect(server.kind == 2)
        let run = try await collector.span("sms-worker", "run ccp_send_sms_code")
        #expect(run.traceId == trace)
        #expect(run.parentSpanId == server.spanId)
        #expect(run.kind == 5)
        let call = try await collector.span("sms-worker", "send yuntongxun")
        #expect(call.traceId == trace)
        #expect(call.parentSpanId == run.spanId)
        #expect(call.kind == 3)
        #expect(try #require(UInt64(call.startTimeUnixNano)) >= (try #require(UInt64(run.startTimeUnixNano))))
        #expect(try #require(UInt64(call.endTimeUnixNano)) <= (try #require(UInt64(run.endTimeUnixNano))))

        let message = try #require(try await system.messages().first)

        let client = VerificationClient(api: system.api)
        let verification = try await client.start(Self.otherMobile)
        try await eventually("both messages have arrived") { try await system.messages().count == 2 }
        let other = try #require(try await system.messages().first { $0.mobile == Self.otherMobile })
        #expect(try await client.check(verification, Self.otherMobile, other.code).status == 200)
        _ = try await collector.span("sms-api", "POST /v1/verifications")
        _ = try await collector.span("sms-api", "POST /v1/verifications/check")
        for program in programs {
            program.signal(SIGTERM)
            #expect(try await program.waitForExit() == .code(0))
        }
        for secret in [Self.mobile, message.code, text, id, Self.otherMobile, other.code, client.token] {
            #expect(!collector.text.reveals(secret), "\(secret)")
        }
    }

    @Test func aCelerySenderWithOpenTelemetryIsTheParentOfTheRun() async throws {
        let system = try await RunningSystem()
        let collector = try await TraceCollector.start()
        let sandbox = try await system.startSandbox()
        let worker = try await system.startWorker(environment: collector.environment)
        let sending = try await Program.run(
            try TestPython.interpreter(),
            ["\(TraceCollector.folder)/traced_send.py", system.redis.url(database: 3), Self.mobile, "123456"])
        let words = sending.output.split(separator: "\n").last.map { $0.split(separator: " ") } ?? []
        try #require(sending.status == .code(0) && words.count == 3, "\(sending.output)\(sending.errorOutput)")
        let run = try await collector.span("sms-worker", "run ccp_send_sms_code")
        #expect(run.traceId == words[1])
        #expect(run.parentSpanId.map { $0[...] } == words[2])
        withExtendedLifetime((sandbox, worker)) {}
    }

    @Test func aVariableThatMeansNothingStopsTheStart() async throws {
        let program = try Program.start(
            Program.built("sms-worker"), ["--operations-port", "0"],
            environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317", "SMS_PROVIDER": "webhook"])
        #expect(try await program.waitForExit() == .code(78))
    }
}
