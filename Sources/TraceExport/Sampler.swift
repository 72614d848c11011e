/// Decides which traces are recorded.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampler>
struct Sampler: Sendable, Equatable {
    /// How many of the traces that begin here are recorded: 0 to 1.
    var ratio = 1.0
    /// Where a trace comes from elsewhere, its beginner decides.
    var followsParent = true

    /// - Parameter parent: What the trace was begun by; nil when it begins here.
    func isSampled(_ traceID: TraceID, parent: TraceContext?) -> Bool {
        if followsParent, let parent { return parent.isSampled }
        if ratio >= 1 { return true }
        // By the id, so that all services with the same ratio choose the same traces: its last 56 bits are random.
        let number = traceID.halves.low & 0x00FF_FFFF_FFFF_FFFF
        return Double(number) < ratio * 0x1p56
    }
}
