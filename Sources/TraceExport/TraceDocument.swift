internal import FoundationEssentials
internal import Tracing

/// Spans as a collector takes them: OTLP in JSON.
///
/// Source: <https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>
struct TraceDocument: Encodable {
    private var resourceSpans: [ResourceSpans]

    init(_ spans: [SpanRecord], resource: [TraceExportConfiguration.Attribute]) {
        resourceSpans = [
            ResourceSpans(
                resource: Resource(attributes: resource.map { Attribute(key: $0.key, value: .text($0.value)) }),
                scopeSpans: [ScopeSpans(scope: Scope(name: "sms-queue"), spans: spans.map(DocumentSpan.init))])
        ]
    }

    func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

    private struct ResourceSpans: Encodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }

    private struct Resource: Encodable {
        var attributes: [Attribute]
    }

    private struct ScopeSpans: Encodable {
        var scope: Scope
        var spans: [DocumentSpan]
    }

    private struct Scope: Encodable {
        var name: String
    }
}

private struct DocumentSpan: Encodable {
    var traceId: String
    var spanId: String
    var traceState: String?
    var parentSpanId: String?
    var name: String
    var kind: Int
    var startTimeUnixNano: String
    var endTimeUnixNano: String
    var attributes: [Attribute]
    var events: [Event]
    var links: [Link]
    var status: Status?

    struct Event: Encodable {
        var timeUnixNano: String
        var name: String
        var attributes: [Attribute]
    }

    struct Link: Encodable {
        var traceId: String
        var spanId: String
    }

    struct Status: Encodable {
        var code: Int
        var message: String?
    }

    init(_ span: SpanRecord) {
        traceId = "\(span.trace.traceID)"
        spanId = "\(span.trace.spanID)"
        traceState = span.trace.state
        parentSpanId = span.parent.map { "\($0)" }
        name = span.name
        kind = span.kind.number
        startTimeUnixNano = "\(span.start)"
        endTimeUnixNano = "\(max(span.start, span.end))"
        attributes = Attribute.list(span.attributes)
        events = span.events.map {
            Event(
                timeUnixNano: "\($0.nanosecondsSinceEpoch)", name: $0.name, attributes: Attribute.list($0.attributes))
        }
        links = span.links.map { Link(traceId: "\($0.traceID)", spanId: "\($0.spanID)") }
        status = span.status.map { Status(code: $0.code == .ok ? 1 : 2, message: $0.message) }
    }
}

extension SpanKind {
    fileprivate var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

private struct Attribute: Encodable {
    var key: String
    var value: Value

    enum Value: Encodable {
        case text(String)
        case truth(Bool)
        case integer(Int64)
        case number(Double)

        private enum CodingKeys: String, CodingKey {
            case stringValue, boolValue, intValue, doubleValue
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .text(let text): try container.encode(text, forKey: .stringValue)
            case .truth(let truth): try container.encode(truth, forKey: .boolValue)
            // 64 bits are more than a JSON number holds.
            case .integer(let integer): try container.encode("\(integer)", forKey: .intValue)
            case .number(let number): try container.encode(number, forKey: .doubleValue)
            }
        }
    }

    static func list(_ attributes: SpanAttributes) -> [Attribute] {
        var list: [Attribute] = []
        // The attributes are no sequence.
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { key, attribute in
            if let value = Value(attribute) { list.append(Attribute(key: key, value: value)) }
        }
        return list
    }
}

extension Attribute.Value {
    fileprivate init?(_ attribute: SpanAttribute) {
        switch attribute {
        case .string(let text): self = .text(text)
        case .stringConvertible(let value): self = .text("\(value)")
        case .bool(let truth): self = .truth(truth)
        case .int32(let integer): self = .integer(Int64(integer))
        case .int64(let integer): self = .integer(integer)
        case .double(let number): self = .number(number)
        // Lists are not used by these programs.
        default: return nil
        }
    }
}
