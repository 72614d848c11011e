import Tracing

/// A span that has ended.
struct SpanRecord: Sendable {
    var trace: TraceContext
    var parent: SpanID?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var start: UInt64
    /// Nanoseconds since 1970.
    var end: UInt64
    var attributes: SpanAttributes
    var events: [SpanEvent]
    var links: [TraceContext]
    var status: SpanStatus?
}
