import Foundation
import Logging
import ServiceContextModule
import Testing
import Tracing

@testable import TraceExport

struct ExportingTracerTests {
    private struct Failure: Error {}

    private func tracer(_ sampler: Sampler = Sampler()) throws -> (ExportingTracer, SpanExporter) {
        let configuration = try #require(
            try TraceExportConfiguration(
                program: "test", variables: ["OTEL_TRACES_EXPORTER": "otlp", "OTEL_BSP_MAX_QUEUE_SIZE": "3"]))
        let exporter = SpanExporter(configuration, logger: Logger(label: "test"))
        return (ExportingTracer(sampler: sampler, exporter: exporter), exporter)
    }

    @Test func aSpanInsideAnotherIsItsChild() throws {
        let (tracer, exporter) = try tracer()
        tracer.withSpan("outer", ofKind: .server) { outer in
            tracer.withSpan("inner") { inner in
                #expect(inner.context.trace?.traceID == outer.context.trace?.traceID)
                inner.attributes["a"] = 1
            }
        }
        let spans = exporter.waitingSpans
        #expect(spans.map(\.name) == ["inner", "outer"])
        #expect(spans[0].parent == spans[1].trace.spanID)
        #expect(spans[1].parent == nil)
        #expect(spans[0].start >= spans[1].start && spans[0].end <= spans[1].end)
    }

    @Test func aContextTravelsAsHeaders() throws {
        let (tracer, _) = try tracer()
        var headers: [String: String] = [:]
        tracer.withSpan("send") { span in tracer.inject(span.context, into: &headers, using: Headers()) }
        var context = ServiceContext.topLevel
        tracer.extract(headers, into: &context, using: Headers())
        #expect(context.trace?.traceparent == headers["traceparent"])
        headers["traceparent"] = "damaged"
        var other = ServiceContext.topLevel
        tracer.extract(headers, into: &other, using: Headers())
        #expect(other.trace == nil)
    }

    @Test func whatIsNotSampledIsNotKeptButTravels() throws {
        let (tracer, exporter) = try tracer(Sampler(ratio: 0))
        var headers: [String: String] = [:]
        tracer.withSpan("send") { span in
            #expect(!span.isRecording)
            tracer.inject(span.context, into: &headers, using: Headers())
        }
        #expect(headers["traceparent"]?.hasSuffix("-00") == true)
        #expect(exporter.waitingSpans.isEmpty)
    }

    @Test func anErrorIsTheSpansStatusAndItsTextStaysHere() throws {
        let (tracer, exporter) = try tracer()
        #expect(throws: Failure.self) { try tracer.withSpan("fails") { _ in throw Failure() } }
        let document = String(
            decoding: try TraceDocument(exporter.waitingSpans, resource: []).encoded(), as: UTF8.self)
        #expect(document.contains(#""code":2"#))
        #expect(document.contains("exception.type"))
        #expect(!document.contains("exception.message"))
    }

    @Test func beyondTheRoomForThemSpansAreDropped() throws {
        let (tracer, exporter) = try tracer()
        for number in 0..<5 { tracer.withSpan("\(number)") { _ in } }
        #expect(exporter.waitingSpans.map(\.name) == ["0", "1", "2"])
    }

    @Test func theDocumentHasTheProtocolsForm() throws {
        let (tracer, exporter) = try tracer()
        tracer.withSpan("a", ofKind: .client) { span in
            span.attributes["text"] = "x"
            span.attributes["count"] = 5
            span.attributes["truth"] = true
        }
        let bytes = try TraceDocument(exporter.waitingSpans, resource: [.init(key: "service.name", value: "s")])
            .encoded()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let resource = try #require((object["resourceSpans"] as? [[String: Any]])?.first)
        let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
        let span = try #require((scope["spans"] as? [[String: Any]])?.first)
        #expect(span["kind"] as? Int == 3)
        #expect((span["traceId"] as? String)?.count == 32)
        #expect((span["startTimeUnixNano"] as? String).flatMap { UInt64($0) } != nil, "64 bits are text")
        let attributes = try #require(span["attributes"] as? [[String: Any]])
        let values = Dictionary(
            uniqueKeysWithValues: attributes.map { ($0["key"] as? String ?? "", $0["value"] as? [String: Any] ?? [:]) })
        #expect(values["text"]?["stringValue"] as? String == "x")
        #expect(values["count"]?["intValue"] as? String == "5")
        #expect(values["truth"]?["boolValue"] as? Bool == true)
    }
}

private struct Headers: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}
