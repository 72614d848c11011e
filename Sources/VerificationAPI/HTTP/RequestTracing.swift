import HTTPTypes
import Hummingbird
import ServiceContextModule
import Tracing

/// A span of each request, as part of the caller's trace where it has one.
///
/// Neither its name nor an attribute holds the path or the query: they carry the number and the captcha's answer.
struct RequestTracing<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var trace = ServiceContext.current ?? .topLevel
        InstrumentationSystem.instrument.extract(request.headers, into: &trace, using: HeaderExtractor())
        let method = HTTPRequest.Method.defined.contains(request.method) ? request.method.rawValue : "_OTHER"
        return try await withSpan(method, context: trace, ofKind: .server) { span in
            let response = try await next(request, context)
            let status = Int(response.status.code)
            span.operationName = "\(method) \(context.routePattern)"
            span.attributes["http.request.method"] = method
            span.attributes["http.route"] = context.routePattern
            span.attributes["http.response.status_code"] = status
            if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
            return response
        }
    }
}

private struct HeaderExtractor: Extractor {
    func extract(key: String, from headers: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { headers[$0] }
    }
}
