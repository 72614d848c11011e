internal import Synchronization
public import Tracing

/// A span of an ``ExportingTracer``. What is said of it after its end is dropped, and so is everything when its trace is
/// not recorded.
public final class ExportedSpan: Span {
    public let context: ServiceContext
    public let isRecording: Bool

    private let kind: SpanKind
    private let trace: TraceContext
    private let parent: SpanID?
    private let start: UInt64
    private let state: Mutex<State>
    private let ended: @Sendable (SpanRecord) -> Void

    private struct State {
        var name: String
        var attributes = SpanAttributes()
        var events: [SpanEvent] = []
        var links: [TraceContext] = []
        var status: SpanStatus?
        var hasEnded = false
    }

    init(
        _ name: String, _ kind: SpanKind, _ trace: TraceContext, parent: SpanID?, in context: ServiceContext,
        start: UInt64, ended: @escaping @Sendable (SpanRecord) -> Void
    ) {
        var context = context
        context.trace = trace
        self.context = context
        self.kind = kind
        self.trace = trace
        self.parent = parent
        self.start = start
        self.ended = ended
        isRecording = trace.isSampled
        state = Mutex(State(name: name))
    }

    public var operationName: String {
        get { state.withLock { $0.name } }
        set { change { $0.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    public func setStatus(_ status: SpanStatus) {
        change { $0.status = status }
    }

    public func addEvent(_ event: SpanEvent) {
        change { $0.events.append(event) }
    }

    /// The error's type alone is recorded: its text may be confidential.
    public func recordError(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> some TracerInstant
    ) {
        guard isRecording else { return }
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        let event = SpanEvent(name: "exception", at: instant(), attributes: attributes)
        change {
            $0.events.append(event)
            $0.status = $0.status ?? SpanStatus(code: .error)
        }
    }

    public func addLink(_ link: SpanLink) {
        guard let other = link.context.trace else { return }
        change { $0.links.append(other) }
    }

    public func end(at instant: @autoclosure () -> some TracerInstant) {
        guard isRecording else { return }
        let end = instant().nanosecondsSinceEpoch
        let record = state.withLock { state -> SpanRecord? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return SpanRecord(
                trace: trace, parent: parent, name: state.name, kind: kind, start: start, end: end,
                attributes: state.attributes, events: state.events, links: state.links, status: state.status)
        }
        if let record { ended(record) }
    }

    private func change(_ change: (inout State) -> Void) {
        guard isRecording else { return }
        state.withLock { state in
            if !state.hasEnded { change(&state) }
        }
    }
}
