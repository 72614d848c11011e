public import Tracing

/// Makes spans whose contexts travel as W3C's `traceparent`, and hands those of recorded traces to a ``SpanExporter``.
public struct ExportingTracer: Tracer {
    private let sampler: Sampler
    private let exporter: SpanExporter

    init(sampler: Sampler, exporter: SpanExporter) {
        self.sampler = sampler
        self.exporter = exporter
    }

    public func startSpan(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> some TracerInstant, function: String, file fileID: String, line: UInt
    ) -> ExportedSpan {
        let context = context()
        let parent = context.trace
        let traceID = parent?.traceID ?? .random()
        let trace = TraceContext(
            traceID: traceID, spanID: .random(), isSampled: sampler.isSampled(traceID, parent: parent),
            state: parent?.state)
        return ExportedSpan(
            operationName, kind, trace, parent: parent?.spanID, in: context, start: instant().nanosecondsSinceEpoch
        ) { [exporter] in exporter.add($0) }
    }

    /// What has ended is exported soon.
    public func forceFlush() {
        exporter.exportSoon()
    }

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: TraceContext.parentHeader, from: carrier) else { return }
        let state = extractor.extract(key: TraceContext.stateHeader, from: carrier)
        if let trace = TraceContext(traceparent: parent, tracestate: state) { context.trace = trace }
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: TraceContext.parentHeader, into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: TraceContext.stateHeader, into: &carrier) }
    }
}
