import HTTPTypes
import Hummingbird
import Logging

/// Counts and times requests by route pattern and status, and says each at debug level.
///
/// Neither a label nor a line holds the path or the query: they carry the number and the captcha's answer.
struct RequestMiddleware<Context: RequestContext>: RouterMiddleware {
    let metrics: RequestMetrics

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        metrics.record(route: context.routePattern, status: response.status.code, duration: duration)
        context.logger.debug(
            "Request",
            metadata: [
                "method": .string(HTTPRequest.Method.defined.contains(request.method) ? request.method.rawValue : "?"),
                "route": .string(context.routePattern),
                "status": .stringConvertible(response.status.code),
                "duration": .stringConvertible(duration),
            ])
        return response
    }
}
