import Foundation
import TestSupport
import Testing

/// What takes the programs' traces.
struct TraceCollector {
    /// A span as a program has exported it.
    struct Span: Decodable {
        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var name: String
        var kind: Int
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        /// Of which program it is.
        var service = ""

        private enum CodingKeys: String, CodingKey {
            case traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano
        }
    }

    private struct Document: Decodable {
        struct Resource: Decodable {
            struct Attribute: Decodable {
                struct Value: Decodable { var stringValue: String? }
                var key: String
                var value: Value
            }
            var attributes: [Attribute]
        }
        struct ScopeSpans: Decodable { var spans: [Span] }
        struct ResourceSpans: Decodable {
            var resource: Resource
            var scopeSpans: [ScopeSpans]
        }
        var resourceSpans: [ResourceSpans]
    }

    static let folder = "\(TestPython.packageFolder)/Tests/EndToEndTests/Tracing"

    private let program: Program
    private let port: Int

    static func start() async throws -> TraceCollector {
        let program = try Program.start(try TestPython.interpreter(), ["\(folder)/collector.py"])
        try await program.waitForLine(containing: "port ")
        let line = program.output.split(separator: "\n")[0]
        return TraceCollector(program: program, port: try #require(Int(line.dropFirst("port ".count))))
    }

    /// What switches tracing to here on, in the environment of a program.
    var environment: [String: String] {
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_BSP_SCHEDULE_DELAY": "50"]
    }

    /// All that was received, as it came.
    var text: String { program.output }

    func spans() throws -> [Span] {
        let prefix = "/v1/traces "
        // The last line may not be whole yet.
        let lines = program.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let bodies = lines.filter { $0.hasPrefix(prefix) }
        return try bodies.flatMap { line in
            let document = try JSONDecoder().decode(Document.self, from: Data(line.dropFirst(prefix.count).utf8))
            return document.resourceSpans.flatMap { resource in
                let service = resource.resource.attributes.first { $0.key == "service.name" }?.value.stringValue ?? ""
                return resource.scopeSpans.flatMap(\.spans).map { span in
                    var span = span
                    span.service = service
                    return span
                }
            }
        }
    }

    /// Waits for a span of that service and name.
    func span(_ service: String, _ name: String) async throws -> Span {
        try await eventually("\(service) has exported \(name)") {
            try spans().contains { $0.service == service && $0.name == name }
        }
        let received = try spans()
        return try #require(
            received.first { $0.service == service && $0.name == name }, "\(received.map { ($0.service, $0.name) })")
    }
}
