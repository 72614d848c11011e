internal import SMSProviders
internal import Tracing

/// A gateway each of whose sendings is a span. Questions after an unknown outcome are none: `sms.queries` counts them.
struct TracedProvider: SMSProvider {
    let provider: any SMSProvider

    var name: String { provider.name }
    var outcomeQuery: OutcomeQuery? { provider.outcomeQuery }

    func send(_ message: OutgoingMessage) async -> SendResult {
        await withSpan("send \(name)", ofKind: .client) { span in
            let result = await provider.send(message)
            span.attributes["sms.provider"] = name
            span.attributes["sms.outcome"] = result.outcome.label
            if let reason = result.outcome.reason { span.attributes["sms.reason"] = reason.rawValue }
            if result.outcome.label != "ok" { span.setStatus(SpanStatus(code: .error)) }
            return result
        }
    }
}
