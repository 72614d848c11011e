internal import Instrumentation
internal import ServiceContextModule
public import Tracing

/// Carries a trace from who sends a task to who runs it, in the message's headers, and makes a span of each attempt, in
/// swift-distributed-tracing.
///
/// The headers are those of the tracer, such as `traceparent`; a Python program with OpenTelemetry's Celery
/// instrumentation reads and writes the same ones. Source: <https://www.w3.org/TR/trace-context/>
public struct TaskTracing: TaskMiddleware {
    private let tracer: any Tracer

    /// Uses that tracer, by default the process' own, which must have been set up before.
    public init(tracer: any Tracer = InstrumentationSystem.tracer) {
        self.tracer = tracer
    }

    public func willSend(_ task: inout OutgoingTask) {
        guard let context = ServiceContext.current else { return }
        tracer.inject(context, into: &task.headers, using: HeaderInjector())
    }

    public func run(_ context: TaskContext, next: () async throws -> Void) async throws {
        var trace = ServiceContext.current ?? .topLevel
        tracer.extract(context.message, into: &trace, using: HeaderExtractor())
        try await tracer.withSpan("run \(context.message.task)", context: trace, ofKind: .consumer) { span in
            span.attributes["messaging.system"] = "celery"
            span.attributes["messaging.destination.name"] = context.queue
            span.attributes["messaging.message.id"] = context.message.id
            span.attributes["celery.retries"] = context.retries
            try await next()
        }
    }
}

private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout [String: String]) {
        headers[key] = value
    }
}

private struct HeaderExtractor: Extractor {
    func extract(key: String, from message: TaskMessage) -> String? {
        message.header(key)
    }
}
